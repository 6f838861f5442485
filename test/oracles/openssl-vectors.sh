#!/bin/sh
# Makes signatures without any of our code: sh test/oracles/openssl-vectors.sh > test/oracles/openssl-vectors.json
# OpenSSL 3.0 or later. Keys are new in each run; all of a vector's fields belong together.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

b64() { base64 | tr -d '\n'; }
hex() { od -An -v -tx1 | tr -d ' \n'; }

body='{"type":"user.created","timestamp":"2026-11-24T09:59:58Z","data":{"id":"usr_1","name":"Zoë"}}'
time=1795514400
id=msg_2KWPBgLlAfxdpx2AI54pPJ85f4W

openssl genpkey -algorithm ed25519 -outform DER -out "$dir/ed.der" 2>/dev/null
openssl pkey -inform DER -in "$dir/ed.der" -pubout -outform DER -out "$dir/ed.pub.der"
tail -c 32 "$dir/ed.der" >"$dir/seed"
tail -c 32 "$dir/ed.pub.der" >"$dir/point"

printf '%s.%s.%s' "$id" "$time" "$body" >"$dir/v1a"
openssl pkeyutl -sign -keyform DER -inkey "$dir/ed.der" -rawin -in "$dir/v1a" -out "$dir/v1a.sig"
printf '%s%s' "$time" "$body" >"$dir/bare"
openssl pkeyutl -sign -keyform DER -inkey "$dir/ed.der" -rawin -in "$dir/bare" -out "$dir/bare.sig"

openssl ecparam -name prime256v1 -genkey -noout -out "$dir/ec.pem"
openssl pkcs8 -topk8 -nocrypt -in "$dir/ec.pem" -outform DER -out "$dir/ec.der"
openssl pkey -in "$dir/ec.pem" -pubout -outform DER -out "$dir/ec.pub.der"
openssl dgst -sha256 -sign "$dir/ec.pem" -out "$dir/ec.sig" "$dir/bare"

openssl rand 24 >"$dir/secret"
openssl dgst -sha256 -mac HMAC -macopt "hexkey:$(hex <"$dir/secret")" -binary -out "$dir/v1.sig" "$dir/v1a"

cat <<JSON
{
  "body": "$(printf %s "$body" | b64)",
  "time": "$time",
  "id": "$id",
  "standard-webhooks-v1": {
    "secret": "whsec_$(b64 <"$dir/secret")",
    "signature": "$(b64 <"$dir/v1.sig")"
  },
  "standard-webhooks-v1a": {
    "public": "whpk_$(b64 <"$dir/point")",
    "private": "whsk_$(cat "$dir/seed" "$dir/point" | b64)",
    "signature": "$(b64 <"$dir/v1a.sig")"
  },
  "ed25519-hex": {
    "public": "$(hex <"$dir/point")",
    "private": "$(hex <"$dir/seed")",
    "signature": "$(hex <"$dir/bare.sig")"
  },
  "ecdsa-p256": {
    "public": "$(b64 <"$dir/ec.pub.der")",
    "private": "$(b64 <"$dir/ec.der")",
    "signature": "$(b64 <"$dir/ec.sig")"
  }
}
JSON
