import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

class Driver {
  public static void main(String[] arguments) throws Exception {
    example();
    var output = new PrintStream(System.out, true, UTF_8);
    for (var line : new BufferedReader(new InputStreamReader(System.in)).lines().toList()) {
      var bytes = Arrays.stream(line.split("\t", -1)).map(HexFormat.of()::parseHex).toList();
      var fields = bytes.stream().map(field -> new String(field, UTF_8)).toList();
      if (fields.size() == 5) {
        output.println(
            new TokenSigner(fields.get(0), fields.get(1))
                .sign(
                    Integer.parseInt(fields.get(2)),
                    fields.get(3),
                    fields.get(4).lines().toList()));
        continue;
      }
      var headers = new LinkedHashMap<String, String>();
      for (var i = 9; i < fields.size(); i += 2) headers.put(fields.get(i), fields.get(i + 1));
      output.println(
          new Signer(fields.get(2), fields.get(0), fields.get(1))
              .sign(
                  fields.get(3),
                  fields.get(5),
                  Integer.parseInt(fields.get(4)),
                  headers,
                  fields.get(7).equals("yes") ? bytes.get(8) : null,
                  Instant.ofEpochSecond(Long.parseLong(fields.get(6)))));
    }
  }

  static void example() throws Exception {
    // THE EXAMPLE
  }
}
