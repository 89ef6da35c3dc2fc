#!/usr/bin/env bash
# Prints when the budget of an environment began: infra/budget.sh ENVIRONMENT; nothing where there is none yet.
# A budget may begin no earlier than this month when it is made, and Azure refuses every other start from then on ("Start date of budgets
# cannot be updated").
set -euo pipefail
cd "$(dirname "$0")"
: "${1:?the environment}"

group="rg-tgvault-$1"
[ "$(az group exists --name "$group")" = true ] || exit 0
budgets="/subscriptions/{subscriptionId}/resourceGroups/$group/providers/Microsoft.Consumption/budgets"
az rest --method get --url "$budgets?api-version=2023-11-01" \
  --query "value[?name=='budget-tgvault-$1'].properties.timePeriod.startDate" --output tsv
