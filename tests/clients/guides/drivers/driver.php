<?php

require __DIR__ . '/signway.php';
require __DIR__ . '/token.php';

// THE EXAMPLE

while (($line = fgets(STDIN)) !== false) {
    $fields = array_map('hex2bin', explode("\t", rtrim($line, "\n")));
    if (count($fields) === 5) {
        [$id, $secret, $expires, $subject, $to] = $fields;
        echo sign_token($id, $secret, (int) $expires, $subject, explode("\n", $to)), "\n";
        continue;
    }
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
