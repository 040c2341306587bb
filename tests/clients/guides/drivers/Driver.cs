using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

static class Driver
{
    static void Main()
    {
        Example();
        string line;
        while ((line = Console.ReadLine()) != null)
        {
            var bytes = line.Split('\t').Select(FromHex).ToArray();
            var fields = bytes.Select(Encoding.UTF8.GetString).ToArray();
            if (fields.Length == 5)
            {
                Console.WriteLine(AccessToken.Sign(
                    fields[0], fields[1], int.Parse(fields[2]), fields[3], fields[4].Split('\n')));
                continue;
            }
            var headers = new Dictionary<string, string>();
            for (var i = 9; i < fields.Length; i += 2) headers[fields[i]] = fields[i + 1];
            Console.WriteLine(Signway.SignUrl(
                fields[3],
                fields[2],
                fields[0],
                fields[1],
                fields[5],
                int.Parse(fields[4]),
                headers,
                fields[7] == "yes" ? bytes[8] : null,
                DateTimeOffset.FromUnixTimeSeconds(long.Parse(fields[6]))));
        }
    }

    static byte[] FromHex(string digits)
    {
        return Enumerable.Range(0, digits.Length / 2)
            .Select(i => Convert.ToByte(digits.Substring(i * 2, 2), 16))
            .ToArray();
    }

    static void Example()
    {
        // THE EXAMPLE
    }
}
