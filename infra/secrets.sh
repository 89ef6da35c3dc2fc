#!/usr/bin/env bash
# Fills the Key Vault: makes master secret and API key where there are none, asks for bot tokens that are missing.
# Nothing that exists is ever replaced here: a new master secret would make every stored video unreadable.
#   TGVAULT_KEY_VAULT   the vault's name           TGVAULT_BOT_COUNT   how many bots there are
#   TGVAULT_BOT_TOKENS  tokens, separated by commas; asked for where it is not set
set -euo pipefail
: "${TGVAULT_KEY_VAULT:?the name of the Key Vault, from the outputs of the deployment}"
bots="${TGVAULT_BOT_COUNT:-1}"

# By file: what stands on a command line can be seen by every process of the machine.
store() {
  local file
  file="$(mktemp)"
  trap 'rm -f "$file"' RETURN
  printf '%s' "$2" >"$file"
  az keyvault secret set --vault-name "$TGVAULT_KEY_VAULT" --name "$1" --file "$file" --encoding utf-8 --output none
  echo "stored $1"
}

# One listing, and it must succeed: "not there" and "not reachable" told apart by asking for each secret would one day replace the master
# secret.
# A right that was granted a moment ago takes up to some minutes to be known everywhere.
for attempt in $(seq 1 "${TGVAULT_ATTEMPTS:-30}"); do
  names="$(az keyvault secret list --vault-name "$TGVAULT_KEY_VAULT" --query '[].name' --output tsv)" && break
  if [ "$attempt" = "${TGVAULT_ATTEMPTS:-30}" ]; then
    echo "no access to the secrets of $TGVAULT_KEY_VAULT: give yourself the role 'Key Vault Secrets Officer'" \
      "(AZURE_PRINCIPAL_ID at deployment does)" >&2
    exit 1
  fi
  sleep 10
done
exists() { grep -qxF -- "$1" <<<"$names"; }

for name in master-secret api-key; do
  exists "$name" || store "$name" "$(openssl rand -base64 36)"
done

IFS=',' read -r -a tokens <<<"${TGVAULT_BOT_TOKENS:-}"
for ((i = 0; i < bots; i++)); do
  exists "telegram-bot-$i" && continue
  token="${tokens[$i]:-}"
  if [ -z "$token" ] && [ -t 0 ]; then
    read -r -s -p "Token of bot $i: " token
    echo
  fi
  if [ -z "$token" ]; then
    echo "no token for bot $i: set TGVAULT_BOT_TOKENS, or run this where it can ask" >&2
    exit 1
  fi
  store "telegram-bot-$i" "$token"
done
