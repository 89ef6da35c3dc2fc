#!/usr/bin/env bash
# One command for one environment: infra/deploy.sh dev | prod [--what-if]. Safe to repeat: the same again changes nothing.
#   TGVAULT_CHANNELS   channel ids, separated by commas     TGVAULT_BOT_COUNT, TGVAULT_BOT_TOKENS   see secrets.sh
#   TGVAULT_PACKAGE    a published app as zip; built here where it is not set
set -euo pipefail
cd "$(dirname "$0")/.."

environment="${1:-}"
if [ ! -f "infra/main.$environment.bicepparam" ] || [ -z "$environment" ]; then
  echo "usage: infra/deploy.sh dev|prod [--what-if]" >&2
  exit 2
fi
need() { command -v "$1" >/dev/null || { echo "$1 is needed and not installed: $2" >&2; exit 1; }; }
need az "https://learn.microsoft.com/cli/azure/install-azure-cli says how"
need jq "apt-get install jq, or https://jqlang.org/download"
: "${TGVAULT_CHANNELS:?the channel ids, separated by commas}"

TGVAULT_BUDGET_START="$(bash infra/budget.sh "$environment")"
export TGVAULT_BUDGET_START

# A workflow sets variables that nobody has given a value to the empty text; the parameter files know only "not there" as a reason for their
# defaults.
for variable in AZURE_LOCATION AZURE_PRINCIPAL_ID AZURE_PRINCIPAL_TYPE TGVAULT_ALERT_EMAIL TGVAULT_BOT_COUNT TGVAULT_PUBLIC_URL \
  TGVAULT_UPLOAD_ORIGINS; do
  [ -n "${!variable:-}" ] || unset "$variable"
done
export AZURE_LOCATION="${AZURE_LOCATION:-westeurope}"
if [ -z "${AZURE_PRINCIPAL_ID:-}" ] && AZURE_PRINCIPAL_ID="$(az ad signed-in-user show --query id --output tsv 2>/dev/null)"; then
  export AZURE_PRINCIPAL_ID
fi
where=(--location "$AZURE_LOCATION" --name "tgvault-$environment" --parameters "infra/main.$environment.bicepparam")

if [ "${2:-}" = --what-if ]; then
  exec az deployment sub what-if "${where[@]}" --result-format FullResourcePayloads
fi

# Signed in by OIDC, az gets tokens for further services in the first five minutes only (AADSTS700024, github.com/Azure/login/issues/372),
# and the deployment takes longer: the Key Vault's is fetched now and kept by az.
az account get-access-token --resource https://vault.azure.net --output none

outputs="$(az deployment sub create "${where[@]}" --query properties.outputs --output json)"
# ARM changes the case of output names; none of ours differ by case alone.
output() { jq -r --arg name "$1" 'to_entries[] | select(.key | ascii_upcase == $name) | .value.value' <<<"$outputs"; }
for name in AZURE_RESOURCE_GROUP TGVAULT_FUNCTION_APP TGVAULT_EVENT_TOPIC TGVAULT_KEY_VAULT TGVAULT_UPLOAD_CONTAINER TGVAULT_BOT_COUNT \
  TGVAULT_URL; do
  export "$name=$(output "$name")"
done

bash infra/secrets.sh

package="${TGVAULT_PACKAGE:-}"
if [ -z "$package" ]; then
  ./tgvault package
  package=obj/app.zip
fi
az functionapp deployment source config-zip --resource-group "$AZURE_RESOURCE_GROUP" --name "$TGVAULT_FUNCTION_APP" --src "$package" \
  --output none

bash infra/events.sh
echo "$TGVAULT_URL"
