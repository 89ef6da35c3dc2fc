#!/usr/bin/env bash
# Second step, after the app has been published: the event subscription. Waits until the app has made the key Event Grid calls it with.
set -euo pipefail
cd "$(dirname "$0")"
: "${AZURE_RESOURCE_GROUP:?}" "${TGVAULT_FUNCTION_APP:?}" "${TGVAULT_EVENT_TOPIC:?}" "${TGVAULT_UPLOAD_CONTAINER:?}"

for attempt in $(seq 1 30); do
  key="$(az functionapp keys list --resource-group "$AZURE_RESOURCE_GROUP" --name "$TGVAULT_FUNCTION_APP" \
    --query 'systemKeys.blobs_extension != null' --output tsv 2>/dev/null || true)"
  [ "${key,,}" = true ] && break
  if [ "$attempt" = 30 ]; then
    echo "the app has no key 'blobs_extension' after five minutes: does it start, and does it have the function UploadArrived?" >&2
    exit 1
  fi
  sleep 10
done

az deployment group create --resource-group "$AZURE_RESOURCE_GROUP" --name tgvault-events --template-file events.bicep --output none \
  --parameters functionAppName="$TGVAULT_FUNCTION_APP" eventTopicName="$TGVAULT_EVENT_TOPIC" uploadContainer="$TGVAULT_UPLOAD_CONTAINER"
echo "uploads now reach $TGVAULT_FUNCTION_APP"
