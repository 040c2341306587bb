mod signway;
mod token;

use chrono::{DateTime, Utc};
use signway::{sign_url, Options};
use std::time::{Duration, UNIX_EPOCH};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    example()?;
    for line in std::io::stdin().lines() {
        let bytes: Vec<Vec<u8>> = line?.split('\t').map(from_hex).collect();
        let fields: Vec<String> = bytes
            .iter()
            .map(|field| String::from_utf8_lossy(field).into_owned())
            .collect();
        if let [id, secret, expires, subject, to] = fields.as_slice() {
            let to: Vec<&str> = to.lines().collect();
            println!("{}", token::sign_token(id, secret, expires.parse()?, subject, &to));
            continue;
        }
        let headers: Vec<(&str, &str)> = fields[9..]
            .chunks(2)
            .map(|pair| (pair[0].as_str(), pair[1].as_str()))
            .collect();
        let options = Options {
            gateway: &fields[2],
            id: &fields[0],
            secret: &fields[1],
            method: &fields[5],
            expires: fields[4].parse()?,
            headers: &headers,
            body: (fields[7] == "yes").then(|| bytes[8].as_slice()),
            now: DateTime::<Utc>::from(UNIX_EPOCH + Duration::from_secs(fields[6].parse()?)),
        };
        println!("{}", sign_url(&fields[3], &options)?);
    }
    Ok(())
}

fn from_hex(digits: &str) -> Vec<u8> {
    (0..digits.len() / 2)
        .map(|i| u8::from_str_radix(&digits[i * 2..i * 2 + 2], 16).unwrap())
        .collect()
}

fn example() -> Result<(), Box<dyn std::error::Error>> {
    // THE EXAMPLE
    Ok(())
}
