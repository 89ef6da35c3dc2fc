// For azd, which knows one parameter file only: everything that differs comes from its environment, sizes are the template's defaults
// (those of dev).
using 'main.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'dev')
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param telegramChannels = split(readEnvironmentVariable('TGVAULT_CHANNELS', '-1000000000001'), ',')
param telegramBotCount = int(readEnvironmentVariable('TGVAULT_BOT_COUNT', '1'))
param deployerPrincipalId = readEnvironmentVariable('AZURE_PRINCIPAL_ID', '')
param deployerPrincipalType = readEnvironmentVariable('AZURE_PRINCIPAL_TYPE', 'User')
param alertEmail = readEnvironmentVariable('TGVAULT_ALERT_EMAIL', '')
param publicUrl = readEnvironmentVariable('TGVAULT_PUBLIC_URL', '')
param budgetStart = readEnvironmentVariable('TGVAULT_BUDGET_START', '')
