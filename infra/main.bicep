metadata description = 'One TgVault environment: a resource group and everything in it. README.md beside this file says how to run it.'

targetScope = 'subscription'

import { Tags } from 'modules/types.bicep'

@description('Names the environment in every resource name: dev, prod, ...')
@minLength(2)
@maxLength(16)
param environmentName string

param location string

@description('Added to every resource.')
param tags Tags = {}

@description('Channel ids (-100...), where every bot is an administrator. The first holds the catalogue.')
@minLength(1)
param telegramChannels string[]

@description('How many bots there are: their tokens are the secrets telegram-bot-0, telegram-bot-1, ...')
@minValue(1)
@maxValue(50)
param telegramBotCount int = 1

@description('Sites whose pages may upload straight to storage; *: any, since the upload URL itself is the permission.')
@minLength(1)
param uploadOrigins string[] = ['*']

@description('Where the vault is reached from outside; empty: the host name Azure gives.')
param publicUrl string = ''

@description('Whether video that browsers cannot play is transcoded. It takes an instance as long as the video lasts, or longer.')
param transcodeVideo bool = false

@description('The most instances of each group of functions. Telegram is the limit long before: all activities share its pace.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 40
param instanceMemoryMB 512 | 2048 | 4096 = 2048

@description('Instances kept warm for viewers; each costs money all the time.')
@minValue(0)
@maxValue(20)
param alwaysReadyInstances int = 0

param storageSku 'Standard_LRS' | 'Standard_ZRS' = 'Standard_LRS'

@description('Days after which uploads and prepared files that nobody touched are removed. Failed ingests can be retried until then.')
@minValue(2)
param stagingDays int = 14

@description('Keeps a deleted Key Vault for 90 days; cannot be undone. On wherever the videos matter: they need its master secret.')
param purgeProtection bool = false

@minValue(30)
param logRetentionDays int = 30
param logDailyCapGb int = 1

@description('Who is told of failures and cost; empty: nobody, the portal shows them.')
param alertEmail string = ''

@description('In the billing currency.')
param monthlyBudget int = 25

@description('When the budget that exists began, which cannot be changed (budget.sh finds it); empty: it begins this month.')
param budgetStart string = ''
@description('Set by the deployment itself.')
param currentMonth string = utcNow('yyyy-MM-01')

@description('An Azure Files share for remuxes that do not fit the small temporary disk. Its account is the only one with a key.')
param scratchShare bool = false

@description('Front Door before the app; the app then answers nobody else.')
param frontDoor bool = false

@description('Private endpoints for storage and Key Vault. Uploads and links stay public: that is what they are for.')
param privateNetwork bool = false

@description('With privateNetwork: addresses or CIDR ranges that may reach the Key Vault to fill it.')
param operatorIps string[] = []

@description('Object id of who deploys, to be allowed to fill the Key Vault; empty: nobody.')
param deployerPrincipalId string = ''
param deployerPrincipalType 'User' | 'Group' | 'ServicePrincipal' = 'User'

var abbreviations = loadJsonContent('abbreviations.json')
var resourceToken = toLower(uniqueString(subscription().id, environmentName, location))
var allTags = union(tags, { 'azd-env-name': environmentName, application: 'tgvault' })
var suffix = 'tgvault-${environmentName}'
var identityName = '${abbreviations.managedIdentity}-${suffix}'
var insightsName = '${abbreviations.applicationInsights}-${suffix}'
var functionAppName = '${abbreviations.functionApp}-${suffix}-${resourceToken}'
var keyVaultName = '${abbreviations.keyVault}-tgv-${resourceToken}'
// 3 to 24 letters and digits: 'st' + role + 13 of the token.
var hostStorageName = '${abbreviations.storageAccount}host${resourceToken}'
var vaultStorageName = '${abbreviations.storageAccount}vault${resourceToken}'
var scratchStorageName = '${abbreviations.storageAccount}scr${resourceToken}'
var packageContainer = 'app-package'
var uploadContainer = 'staging'
var preparedContainer = 'prepared'
var privateKinds = ['blob', 'queue', 'table', 'vault']
var scratchKeySecretName = 'scratch-share-key'

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: '${abbreviations.resourceGroup}-${suffix}'
  location: location
  tags: allTags
}

module identity 'modules/identity.bicep' = {
  scope: group
  params: {
    name: identityName
    location: location
    tags: allTags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  params: {
    workspaceName: '${abbreviations.logAnalyticsWorkspace}-${suffix}'
    insightsName: insightsName
    location: location
    tags: allTags
    retentionDays: logRetentionDays
    dailyCapGb: logDailyCapGb
  }
}

module hostStorage 'modules/storage.bicep' = {
  scope: group
  params: {
    name: hostStorageName
    location: location
    tags: allTags
    sku: storageSku
    containers: [packageContainer]
    publicNetwork: !privateNetwork
  }
}

module vaultStorage 'modules/storage.bicep' = {
  scope: group
  params: {
    name: vaultStorageName
    location: location
    tags: allTags
    sku: storageSku
    containers: [uploadContainer, preparedContainer]
    corsOrigins: uploadOrigins
    expireContainers: [uploadContainer, preparedContainer]
    expireAfterDays: stagingDays
  }
}

module keyVault 'modules/keyVault.bicep' = {
  scope: group
  params: {
    name: keyVaultName
    location: location
    tags: allTags
    purgeProtection: purgeProtection
    publicNetwork: !privateNetwork
    allowedIps: operatorIps
    workspaceId: monitoring.outputs.workspaceId
  }
}

module roles 'modules/roles.bicep' = {
  scope: group
  params: {
    identityName: identityName
    hostStorageName: hostStorageName
    vaultStorageName: vaultStorageName
    keyVaultName: keyVaultName
    insightsName: insightsName
    deployerPrincipalId: deployerPrincipalId
    deployerPrincipalType: deployerPrincipalType
  }
  // Names are given instead of outputs, so that what-if can look into the module; the order has to be said, then.
  dependsOn: [identity, monitoring, hostStorage, vaultStorage, keyVault]
}

module eventTopic 'modules/eventTopic.bicep' = {
  scope: group
  params: {
    name: '${abbreviations.eventGridSystemTopic}-${suffix}'
    location: location
    tags: allTags
    storageAccountId: vaultStorage.outputs.id
  }
}

module network 'modules/network.bicep' = if (privateNetwork) {
  scope: group
  params: {
    name: '${abbreviations.virtualNetwork}-${suffix}'
    location: location
    tags: allTags
  }
}

module zones 'modules/privateDnsZone.bicep' = [
  for kind in privateKinds: if (privateNetwork) {
    scope: group
    params: {
      kind: kind
      tags: allTags
      networkId: network!.outputs.id
    }
  }
]

module hostEndpoints 'modules/privateEndpoint.bicep' = [
  for i in range(0, 3): if (privateNetwork) {
    scope: group
    params: {
      name: '${abbreviations.privateEndpoint}-host-${privateKinds[i]}-${suffix}'
      location: location
      tags: allTags
      kind: privateKinds[i]
      subnetId: network!.outputs.endpointSubnetId
      zoneId: zones[i]!.outputs.id
      targetId: hostStorage.outputs.id
    }
  }
]

module vaultEndpoints 'modules/privateEndpoint.bicep' = [
  for i in range(0, 3): if (privateNetwork) {
    scope: group
    params: {
      name: '${abbreviations.privateEndpoint}-vault-${privateKinds[i]}-${suffix}'
      location: location
      tags: allTags
      kind: privateKinds[i]
      subnetId: network!.outputs.endpointSubnetId
      zoneId: zones[i]!.outputs.id
      targetId: vaultStorage.outputs.id
    }
  }
]

module keyVaultEndpoint 'modules/privateEndpoint.bicep' = if (privateNetwork) {
  scope: group
  params: {
    name: '${abbreviations.privateEndpoint}-secrets-${suffix}'
    location: location
    tags: allTags
    kind: 'vault'
    subnetId: network!.outputs.endpointSubnetId
    zoneId: zones[3]!.outputs.id
    targetId: keyVault.outputs.id
  }
}

module scratch 'modules/scratchShare.bicep' = if (scratchShare) {
  scope: group
  params: {
    name: scratchStorageName
    location: location
    tags: allTags
    keyVaultName: keyVaultName
    keySecretName: scratchKeySecretName
    subnetId: privateNetwork ? network!.outputs.appSubnetId : ''
  }
  dependsOn: [keyVault]
}

module edge 'modules/frontDoor.bicep' = if (frontDoor) {
  scope: group
  params: {
    profileName: '${abbreviations.frontDoorProfile}-${suffix}'
    endpointName: '${abbreviations.frontDoorEndpoint}-${suffix}'
    tags: allTags
    originHostName: '${functionAppName}.azurewebsites.net'
  }
}

module app 'modules/functionApp.bicep' = {
  scope: group
  params: {
    name: functionAppName
    planName: '${abbreviations.functionPlan}-${suffix}'
    location: location
    tags: allTags
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    hostStorageName: hostStorageName
    packageContainerUrl: '${hostStorage.outputs.blobEndpoint}${packageContainer}'
    vaultBlobEndpoint: vaultStorage.outputs.blobEndpoint
    vaultQueueEndpoint: vaultStorage.outputs.queueEndpoint
    keyVaultUri: keyVault.outputs.uri
    insightsConnectionString: monitoring.outputs.insightsConnectionString
    maximumInstanceCount: maximumInstanceCount
    instanceMemoryMB: instanceMemoryMB
    alwaysReadyInstances: alwaysReadyInstances
    publicUrl: !empty(publicUrl)
      ? publicUrl
      : frontDoor ? 'https://${edge!.outputs.hostName}' : 'https://${functionAppName}.azurewebsites.net'
    telegramChannels: telegramChannels
    telegramBotCount: telegramBotCount
    uploadOrigins: uploadOrigins
    transcodeVideo: transcodeVideo
    scratchStorageName: scratchShare ? scratchStorageName : ''
    scratchKeySecretName: scratchKeySecretName
    subnetId: privateNetwork ? network!.outputs.appSubnetId : ''
    behindFrontDoor: frontDoor
    frontDoorId: frontDoor ? edge!.outputs.frontDoorId : ''
  }
  // The host looks for its storage and secrets as soon as it starts; permissions given later leave it failing until the next restart.
  dependsOn: [roles, hostEndpoints, vaultEndpoints, keyVaultEndpoint, scratch]
}

module alerts 'modules/alerts.bicep' = {
  scope: group
  params: {
    actionGroupName: '${abbreviations.actionGroup}-${suffix}'
    location: location
    tags: allTags
    workspaceId: monitoring.outputs.workspaceId
    email: alertEmail
  }
}

module workbook 'modules/workbook.bicep' = {
  scope: group
  params: {
    displayName: suffix
    location: location
    tags: allTags
    insightsName: insightsName
  }
  dependsOn: [monitoring]
}

module budget 'modules/budget.bicep' = {
  scope: group
  params: {
    name: '${abbreviations.budget}-${suffix}'
    actionGroupId: alerts.outputs.actionGroupId
    amount: monthlyBudget
    startDate: empty(budgetStart) ? currentMonth : budgetStart
  }
}

// Names and addresses only; azd puts them into its environment, and deploy.sh reads them for the second step.
output AZURE_RESOURCE_GROUP string = group.name
output TGVAULT_FUNCTION_APP string = app.outputs.name
output TGVAULT_EVENT_TOPIC string = eventTopic.outputs.name
output TGVAULT_KEY_VAULT string = keyVault.outputs.name
output TGVAULT_UPLOAD_CONTAINER string = uploadContainer
output TGVAULT_BOT_COUNT int = telegramBotCount
output TGVAULT_URL string = !empty(publicUrl)
  ? publicUrl
  : frontDoor ? 'https://${edge!.outputs.hostName}' : 'https://${app.outputs.hostName}'
