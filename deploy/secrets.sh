#!/usr/bin/env bash
# Makes every secret of compose.yaml, once: random passwords, an API token, a private CA and the mail server's certificate.
#
#   secrets.sh make             what is missing under $SECRETS_DIR (default /secrets), one directory per container; what is there stays
#   secrets.sh show PATH        prints one of them, e.g. client/order-api-token
#
# A directory holds only what its container needs; each is a volume that no other container mounts. The apps read theirs as a
# configuration tree: the file name is the property, the content its value. Needs bash and openssl, both in MySQL's image.
set -euo pipefail

directory=${SECRETS_DIR:-/secrets}
definitions=${DEFINITIONS:-/deploy/rabbitmq/definitions.json}

# put PATH VALUE: written whole or not at all, so that a run that was cut off is made good by the next one.
put() {
  mkdir -p "$(dirname "$directory/$1")"
  printf '%s' "$2" >"$directory/$1.part"
  chmod 0444 "$directory/$1.part"
  mv "$directory/$1.part" "$directory/$1"
}

get() { cat "$directory/$1"; }

# generate PATH: a random value of 192 bits, kept if it exists.
generate() { [ -s "$directory/$1" ] || put "$1" "$(openssl rand -hex 24)"; }

# share FROM TO...: the same value under each consumer's own name for it.
share() {
  local from=$1 to
  shift
  for to in "$@"; do put "$to" "$(get "$from")"; done
}

# rabbit_hash PASSWORD: RabbitMQ's salted SHA-256, base64(salt + sha256(salt + password)). The salt is taken from the (random)
# password, so that the definitions stay the same bytes and RabbitMQ can skip importing them again.
rabbit_hash() {
  local salt
  salt=$(printf '%s' "$1" | openssl dgst -sha256 -r | cut -c1-8)
  {
    printf '%b' "$(sed 's/../\\x&/g' <<<"$salt")"
    { printf '%b' "$(sed 's/../\\x&/g' <<<"$salt")" && printf '%s' "$1"; } | openssl dgst -sha256 -binary
  } | openssl base64 -A
}

# authority: the CA of this installation; its key stays in a directory that no running container mounts.
authority() {
  [ -s "$directory/ca/ca.pem" ] && return
  mkdir -p "$directory/ca"
  openssl req -x509 -newkey rsa:3072 -nodes -sha256 -days 3650 -subj '/CN=Outbox Relay private CA' \
    -addext 'basicConstraints=critical,CA:TRUE' -addext 'keyUsage=critical,keyCertSign,cRLSign' \
    -keyout "$directory/ca/ca.key" -out "$directory/ca/ca.pem.part" 2>/dev/null
  mv "$directory/ca/ca.pem.part" "$directory/ca/ca.pem"
}

# certificate CONTAINER HOST: a server certificate for HOST, signed by the CA.
certificate() {
  local target=$directory/$1 work
  [ -s "$target/tls.crt" ] && return
  work=$(mktemp -d)
  mkdir -p "$target"
  openssl req -new -newkey rsa:2048 -nodes -subj "/CN=$2" -keyout "$work/tls.key" -out "$work/tls.csr" 2>/dev/null
  printf 'subjectAltName=DNS:%s\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n' "$2" >"$work/tls.ext"
  openssl x509 -req -sha256 -days 825 -in "$work/tls.csr" -CA "$directory/ca/ca.pem" -CAkey "$directory/ca/ca.key" \
    -CAcreateserial -CAserial "$work/ca.srl" -extfile "$work/tls.ext" -out "$work/tls.crt" 2>/dev/null
  put "$1/tls.key" "$(cat "$work/tls.key")"
  put "$1/tls.crt" "$(cat "$work/tls.crt")"
  rm -rf "$work"
}

make_all() {
  local user hashes=()
  umask 022
  authority

  generate mysql/root-password
  generate order-app/spring.datasource.password
  generate outbox-relay/spring.datasource.password
  generate mail-worker/spring.datasource.password
  generate flyway/auditor-password
  share mysql/root-password flyway/root-password
  share order-app/spring.datasource.password flyway/order-app-password
  share outbox-relay/spring.datasource.password flyway/outbox-relay-password
  share mail-worker/spring.datasource.password flyway/mail-worker-password

  generate client/rabbitmq-password
  generate outbox-relay/spring.rabbitmq.password
  generate mail-worker/spring.rabbitmq.password
  hashes=(
    -e "s|@admin@|$(rabbit_hash "$(get client/rabbitmq-password)")|"
    -e "s|@outbox_relay@|$(rabbit_hash "$(get outbox-relay/spring.rabbitmq.password)")|"
    -e "s|@mail_worker@|$(rabbit_hash "$(get mail-worker/spring.rabbitmq.password)")|"
  )
  put rabbitmq/definitions.json "$(sed "${hashes[@]}" "$definitions")"

  generate client/order-api-token
  put 'order-app/order-app.tokens[0].subject' client
  put 'order-app/order-app.tokens[0].scopes' orders:write
  put 'order-app/order-app.tokens[0].sha256' "$(get client/order-api-token | openssl dgst -sha256 -r | cut -c1-64)"

  certificate mailpit mailpit
  generate mail-worker/spring.mail.password
  [ -s "$directory/mailpit/users" ] ||
    put mailpit/users "mail_worker:$(get mail-worker/spring.mail.password | openssl passwd -apr1 -stdin)"
  put mail-worker/smtp-ca.pem "$(cat "$directory/ca/ca.pem")"
}

case ${1:-} in
  make) make_all ;;
  show) get "${2:?which one, e.g. client/order-api-token}" && echo ;;
  *)
    echo "usage: secrets.sh make | show PATH" >&2
    exit 2
    ;;
esac
