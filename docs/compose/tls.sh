#!/bin/sh
# Certificates of the team's own:
#
#   sh tls.sh server records.example.org 192.0.2.7   the server's, for the names and addresses that desks use
#   sh tls.sh person ada                             one for the role ada, which then needs no password
#
# ca/ca.key makes further certificates: keep it where the server is not.  tls/ is what the server reads.
set -eu
umask 077

fail() {
  printf '%s\n' "$1" >&2
  exit 2
}

make_authority() {
  [ -f ca/ca.key ] && return
  # A second authority would make every certificate and every ca.crt of the first one worthless.
  [ -f ca/ca.crt ] && fail 'ca/ca.key is not here: put it back beside ca/ca.crt, or move ca/ aside to begin with a new authority'
  mkdir -p ca tls
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj '/CN=workbench' \
    -addext 'basicConstraints=critical,CA:TRUE' -addext 'keyUsage=critical,keyCertSign,cRLSign' \
    -keyout ca/ca.key -out ca/ca.crt 2>/dev/null
  cp ca/ca.crt tls/ca.crt
}

# make_certificate FILE COMMON-NAME EXTENSIONS DAYS
make_certificate() {
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=$2" \
    -keyout "$1.key" -out "$1.csr" 2>/dev/null
  printf '%s\n' "$3" >"$1.ext"
  openssl x509 -req -in "$1.csr" -CA ca/ca.crt -CAkey ca/ca.key -set_serial "0x$(openssl rand -hex 16)" \
    -days "$4" -extfile "$1.ext" -out "$1.crt" 2>/dev/null
  rm "$1.csr" "$1.ext"
}

command -v openssl >/dev/null || fail 'openssl is not installed'
[ $# -ge 2 ] || fail 'usage: sh tls.sh server NAME… | sh tls.sh person ROLE'
what=$1
shift
case $what in
server)
  names=
  for name; do
    case $name in
    *[!0-9a-zA-Z.:-]*) fail "$name is no name or address of a server" ;;
    *:*) kind=IP ;;
    *[!0-9.]*) kind=DNS ;;
    *) kind=IP ;;
    esac
    names="$names${names:+,}$kind:$name"
  done
  make_authority
  make_certificate tls/server "$1" "subjectAltName=$names
extendedKeyUsage=serverAuth" 825
  printf 'made tls/server.crt for %s\n' "$names"
  ;;
person)
  case $1 in
  *[!0-9a-z_]* | '') fail "$1 is no name of a role: small letters, digits and _" ;;
  esac
  make_authority
  mkdir -p people
  make_certificate "people/$1" "$1" extendedKeyUsage=clientAuth 400
  printf 'made people/%s.crt and people/%s.key; with ca/ca.crt they go to %s alone\n' "$1" "$1" "$1"
  ;;
*) fail "$what: server or person?" ;;
esac
