// The vault people watch: one warm instance, storage in three zones, a Key Vault that cannot be lost.
using 'main.bicep'

param environmentName = 'prod'
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')

// Channel ids separated by commas; they are no secret, but they are yours and not this repository's.
param telegramChannels = split(readEnvironmentVariable('TGVAULT_CHANNELS', '-1000000000001,-1000000000002'), ',')
param telegramBotCount = int(readEnvironmentVariable('TGVAULT_BOT_COUNT', '3'))
param deployerPrincipalId = readEnvironmentVariable('AZURE_PRINCIPAL_ID', '')
param deployerPrincipalType = readEnvironmentVariable('AZURE_PRINCIPAL_TYPE', 'User')
param alertEmail = readEnvironmentVariable('TGVAULT_ALERT_EMAIL', '')
param publicUrl = readEnvironmentVariable('TGVAULT_PUBLIC_URL', '')
param budgetStart = readEnvironmentVariable('TGVAULT_BUDGET_START', '')
param uploadOrigins = split(readEnvironmentVariable('TGVAULT_UPLOAD_ORIGINS', '*'), ',')

param instanceMemoryMB = 4096
param maximumInstanceCount = 40
param alwaysReadyInstances = 1
param stagingDays = 14
param storageSku = 'Standard_ZRS'
param purgeProtection = true
param logRetentionDays = 90
param logDailyCapGb = 5
param monthlyBudget = 150
