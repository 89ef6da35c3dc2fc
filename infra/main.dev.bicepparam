// A vault to try things on: nothing kept warm, nothing that costs while nobody uses it.
using 'main.bicep'

param environmentName = 'dev'
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')

// Channel ids separated by commas; they are no secret, but they are yours and not this repository's.
param telegramChannels = split(readEnvironmentVariable('TGVAULT_CHANNELS', '-1000000000001'), ',')
param telegramBotCount = int(readEnvironmentVariable('TGVAULT_BOT_COUNT', '1'))
param deployerPrincipalId = readEnvironmentVariable('AZURE_PRINCIPAL_ID', '')
param deployerPrincipalType = readEnvironmentVariable('AZURE_PRINCIPAL_TYPE', 'User')
param alertEmail = readEnvironmentVariable('TGVAULT_ALERT_EMAIL', '')
param publicUrl = readEnvironmentVariable('TGVAULT_PUBLIC_URL', '')
param budgetStart = readEnvironmentVariable('TGVAULT_BUDGET_START', '')

param instanceMemoryMB = 2048
param maximumInstanceCount = 40
param alwaysReadyInstances = 0
param stagingDays = 7
param storageSku = 'Standard_LRS'
param purgeProtection = false
param logRetentionDays = 30
param logDailyCapGb = 1
param monthlyBudget = 20
