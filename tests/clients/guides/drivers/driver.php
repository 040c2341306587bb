<?php

require __DIR__ . '/signway.php';

// THE EXAMPLE

while (($line = fgets(STDIN)) !== false) {
    $fields = array_map('hex2bin', explode("\t", rtrim($line, "\n")));
    [$id, $secret, $gateway, $target, $expires, $method, $seconds, $hasBody, $body] = $fields;
    $headers = [];
    for ($i = 9; $i < count($fields); $i += 2) {
        $headers[$fields[$i]] = $fields[$i + 1];
    }
    echo sign_url(
        $target,
        $gateway,
        $id,
        $secret,
        $method,
        (int) $expires,
        $headers,
        $hasBody === 'yes' ? $body : null,
        new DateTimeImmutable("@$seconds"),
    ), "\n";
}
