#!/bin/sh
# One host, from a bare Debian or Ubuntu to a running installation; again for each new version: make deploy SITE=leads.example.com
#
# SITE        the name people use, whose address leads to this machine; Caddy gets a certificate for it
# WORKERS     how many workers run (2)
# CADDY       no: another proxy stands before the web server, which listens on 127.0.0.1:8501
#
# Postgres and Redis are those that come with ProspectPro. On machines of their own: docs/own-servers.md.
set -eu

SITE=${SITE:-}
WORKERS=${WORKERS:-2}
CADDY=${CADDY:-yes}
HOME_DIR=/opt/prospectpro
STATE=/var/lib/prospectpro
CONFIG=/etc/prospectpro
BACKUPS=$STATE/backups
SITES=/etc/caddy/Caddyfile
UNIT=prospectpro

say() { printf '%s\n' "$*"; }
stop() { printf '%s\n' "$*" >&2; exit 1; }
quietly() { "$@" > "$log" 2>&1 || { cat "$log" >&2; stop "$1 did not do its part; the lines above say why. Nothing that ran was stopped."; }; }

# Everything that can be wrong is found before anything is changed.
check() {
  [ -n "$SITE" ] || stop "Say which name people will use: make deploy SITE=leads.example.com"
  case "$SITE" in
    *[!A-Za-z0-9.-]* | .* | *. | -* | *..*) stop "SITE is a name alone, such as leads.example.com, and not $SITE." ;;
  esac
  case "$WORKERS" in '' | *[!0-9]* | 0 | ??*) stop "WORKERS is a number from 1 to 9." ;; esac
  case "$CADDY" in yes | no) ;; *) stop "CADDY is yes or no." ;; esac
  [ "$(id -u)" = 0 ] || stop "Run this as root: it installs packages, a user and services."
  command -v apt-get > /dev/null || stop "This is for Debian and Ubuntu. docs/deployment.md has containers and units for others."
  [ -d /run/systemd/system ] || stop "systemd does not run here. docs/deployment.md has containers for such machines."
  room=$(df -Pk /var/lib | awk 'NR == 2 { print int($4 / 1024) }')
  [ "$room" -ge 2048 ] || stop "There are $room MB of room below /var/lib; it takes 2048."
  [ -f manage.py ] && [ -f requirements.lock ] || stop "Run this in the folder of ProspectPro."
  [ "$CADDY" = no ] || [ ! -e $SITES ] || grep -q prospectpro_place $SITES || is_as_it_came ||
    stop "Caddy serves something here already. Run this with CADDY=no, and add to $SITES what deploy/Caddyfile has."
}

is_as_it_came() {
  dpkg-query --show --showformat '${Conffiles}\n' caddy 2> /dev/null | grep -q "$(md5sum < $SITES | cut -d ' ' -f 1)"
}

packages() {
  say "Installing packages."
  export DEBIAN_FRONTEND=noninteractive
  quietly apt-get update -qq
  set -- python3 python3-venv ca-certificates
  [ "$CADDY" = no ] || set -- "$@" caddy
  quietly apt-get install -y -qq --no-install-recommends "$@"
  python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    stop "Python 3.11 or newer is needed: Debian 12, Ubuntu 24.04 or newer have it."
}

person() {
  id prospectpro > /dev/null 2>&1 ||
    quietly useradd --system --home-dir "$STATE" --shell /usr/sbin/nologin prospectpro
  install -d -m 0700 -o prospectpro -g prospectpro "$STATE"
  install -d -m 0750 -o root -g prospectpro "$CONFIG"
}

# The new version stands complete beside the old one before it takes its place.
application() {
  say "Installing ProspectPro in $HOME_DIR."
  rm -rf "$HOME_DIR.new"
  mkdir -p "$HOME_DIR.new"
  sed -n 's/^!//p' .containerignore | while read -r name; do cp -R "$name" "$HOME_DIR.new/"; done
  find "$HOME_DIR.new" -name __pycache__ -prune -exec rm -rf {} +
  python3 -m venv "$HOME_DIR.new/.venv"
  quietly "$HOME_DIR.new/.venv/bin/python" -m pip --disable-pip-version-check install --quiet \
    --require-hashes --only-binary :all: -r requirements.lock
  quietly "$HOME_DIR.new/.venv/bin/python" -m compileall -q "$HOME_DIR.new"
}

settings() {
  [ -e "$CONFIG/env" ] || {
    umask 077
    cat > "$CONFIG/env" << END
PUBLIC_URL=https://$SITE
SECURE_COOKIE=true
FORWARDED_ALLOW_IPS=127.0.0.1
WORKER_COUNT=$WORKERS
END
    chgrp prospectpro "$CONFIG/env"
    chmod 0640 "$CONFIG/env"
  }
  install -m 0644 deploy/systemd/$UNIT.service /etc/systemd/system/
}

proxy() {
  [ "$CADDY" = yes ] || return 0
  say "Setting up Caddy for https://$SITE."
  place=$(sed -n 's/^PLACE_SECRET=//p' "$CONFIG/caddy.env" 2> /dev/null || :)
  [ -n "$place" ] || place=$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')
  (umask 077; printf 'SITE=%s\nSERVERS=127.0.0.1:8501\nPLACE_SECRET=%s\n' "$SITE" "$place" > "$CONFIG/caddy.env")
  install -m 0644 deploy/Caddyfile $SITES
  install -d /etc/systemd/system/caddy.service.d
  printf '[Service]\nEnvironmentFile=%s/caddy.env\n' "$CONFIG" > /etc/systemd/system/caddy.service.d/$UNIT.conf
}

# An upgrade changes the database; a backup of before is kept beside it, three of them at most.
backup() {
  systemctl is-active --quiet $UNIT || return 0
  say "Backing up the database to $BACKUPS."
  install -d -m 0700 -o prospectpro -g prospectpro "$BACKUPS"
  saved=$BACKUPS/before-$(date -u +%Y%m%d-%H%M%S).backup
  quietly as_prospectpro backup "$saved"
  printf '%s\n' "$BACKUPS"/before-*.backup | sort -r | tail -n +4 | while read -r old; do rm -f "$old"; done
}

start() {
  say "Starting the services."
  systemctl daemon-reload
  systemctl stop $UNIT 2> /dev/null || :
  rm -rf "$HOME_DIR.old"
  [ ! -e "$HOME_DIR" ] || mv "$HOME_DIR" "$HOME_DIR.old"
  mv "$HOME_DIR.new" "$HOME_DIR"
  quietly systemctl enable --now $UNIT
  healthy || back
  rm -rf "$HOME_DIR.old"
  [ "$CADDY" = no ] || { quietly systemctl enable caddy; quietly systemctl restart caddy; }
}

# The first start makes a database and loads the open data that comes along, so it has five minutes.
healthy() {
  tries=0
  until "$HOME_DIR/.venv/bin/python" -c "$ask" 2> /dev/null; do
    tries=$((tries + 1))
    [ "$(systemctl show --property NRestarts --value $UNIT)" -lt 2 ] && [ $tries -lt 300 ] || return 1
    sleep 1
  done
}
ask='import urllib.request as r; r.urlopen("http://127.0.0.1:8501/healthz", timeout=5)'

back() {
  journalctl --unit $UNIT --lines 12 --no-pager --output cat >&2 || :
  systemctl stop $UNIT
  [ -e "$HOME_DIR.old" ] || stop "ProspectPro did not start; the lines above say why."
  rm -rf "$HOME_DIR"
  mv "$HOME_DIR.old" "$HOME_DIR"
  systemctl reset-failed $UNIT 2> /dev/null || :
  systemctl start $UNIT
  healthy || stop "The new version did not start; the lines above say why. It had begun with the database, which the version
before does not start on: 'manage.py restore ${saved:-FILE} --replace' brings that back (docs/own-servers.md)."
  stop "The new version did not start; the lines above say why. The one before runs again."
}

as_prospectpro() {
  systemd-run --quiet --pipe --wait --collect --uid prospectpro --property "EnvironmentFile=$CONFIG/env" \
    --setenv "DATA_DIR=$STATE" --setenv "HOME=$STATE" --working-directory "$HOME_DIR" \
    "$HOME_DIR/.venv/bin/python" manage.py "$@"
}

check
log=$(mktemp)
trap 'rm -f "$log"' EXIT
packages
person
application
settings
proxy
backup
start
say "ProspectPro runs at https://$SITE"
as_prospectpro doctor || :
as_prospectpro first-admin-link || :
say "Look at it from outside: make deploy-check URL=https://$SITE TOKEN=…, with a key made under My account."
