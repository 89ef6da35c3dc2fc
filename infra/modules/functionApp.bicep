metadata description = 'The function app on Flex Consumption: .NET 10 isolated, one identity, secrets by Key Vault reference, all settings.'

import { Tags } from 'types.bicep'

param name string
param planName string
param location string
param tags Tags

@description('Resource id, client id: the user-assigned identity of the app.')
param identityId string
param identityClientId string

param hostStorageName string
param packageContainerUrl string
param vaultBlobEndpoint string
param vaultQueueEndpoint string
param keyVaultUri string
param insightsConnectionString string

param maximumInstanceCount int
param instanceMemoryMB 512 | 2048 | 4096

@description('Instances kept warm for HTTP; 0: the first request after a pause waits for a cold start.')
param alwaysReadyInstances int

@description('HTTP requests one instance takes at the same time. Streams are long and wait on the network, so many fit.')
param requestsPerInstance int = 100

param publicUrl string
param telegramChannels string[]
param telegramBotCount int
param uploadOrigins string[]
param transcodeVideo bool

@description('The account with the scratch share to mount; empty: none.')
param scratchStorageName string = ''
param scratchKeySecretName string

@description('The subnet outbound traffic goes through; empty: none.')
param subnetId string = ''

@description('Whether Front Door alone may call the app, and which one.')
param behindFrontDoor bool = false
param frontDoorId string = ''

var scratchPath = '/mounts/scratch'
var scratchKeySetting = 'SCRATCH_SHARE_KEY'

var hostSettings = {
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
  APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnectionString
  // The host's own spans hold paths, and with them links; nothing else keeps it from sending them.
  // The worker sends spans of its own (TgVault.Web/Telemetry).
  AzureMonitorExporter__EnableLiveMetrics: 'false'
  AzureMonitorExporter__EnableTraceBasedLogsSampler: 'false'
  OTEL_TRACES_SAMPLER: 'microsoft.fixed_percentage'
  OTEL_TRACES_SAMPLER_ARG: '0'
  // Which identity DefaultAzureCredential takes inside the app.
  AZURE_CLIENT_ID: identityClientId
  AzureWebJobsStorage__accountName: hostStorageName
  AzureWebJobsStorage__clientId: identityClientId
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsDisableHomepage: 'true'
  // Flex Consumption knows only the event-based trigger; the polling twin is for a local host.
  'AzureWebJobs.UploadArrivedPolling.Disabled': 'true'
  // The connection named by the blob trigger.
  VaultStorage__blobServiceUri: vaultBlobEndpoint
  VaultStorage__clientId: identityClientId
  VaultStorage__credential: 'managedidentity'
  VaultStorage__queueServiceUri: vaultQueueEndpoint
}

var vaultSettings = {
  TgVault__ApiKey: '@Microsoft.KeyVault(SecretUri=${keyVaultUri}secrets/api-key)'
  TgVault__Ffmpeg__Folder: '/home/site/wwwroot/ffmpeg'
  TgVault__Ingest__TranscodeVideo: string(transcodeVideo)
  TgVault__MasterSecret: '@Microsoft.KeyVault(SecretUri=${keyVaultUri}secrets/master-secret)'
  TgVault__PublicUrl: publicUrl
  TgVault__Storage: vaultBlobEndpoint
}

var botSettings = toObject(
  range(0, telegramBotCount),
  i => 'TgVault__Telegram__Bots__${i}__Token',
  i => '@Microsoft.KeyVault(SecretUri=${keyVaultUri}secrets/telegram-bot-${i})'
)

var channelSettings = toObject(
  range(0, length(telegramChannels)),
  i => 'TgVault__Telegram__Channels__${i}',
  i => telegramChannels[i]
)

var originSettings = toObject(
  range(0, length(uploadOrigins)),
  i => 'TgVault__Uploads__Origins__${i}',
  i => uploadOrigins[i]
)

var scratchSettings = empty(scratchStorageName)
  ? {}
  : {
      TgVault__Ffmpeg__TemporaryFolder: scratchPath
      '${scratchKeySetting}': '@Microsoft.KeyVault(SecretUri=${keyVaultUri}secrets/${scratchKeySecretName})'
    }

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'vault' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packageContainerUrl
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: { name: 'dotnet-isolated', version: '10.0' }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        alwaysReady: alwaysReadyInstances == 0
          ? []
          : [
              {
                name: 'http'
                instanceCount: alwaysReadyInstances
              }
            ]
        triggers: { http: { perInstanceConcurrency: requestsPerInstance } }
      }
    }
    siteConfig: {
      ftpsState: 'Disabled'
      http20Enabled: true
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ipSecurityRestrictionsDefaultAction: behindFrontDoor ? 'Deny' : 'Allow'
      ipSecurityRestrictions: behindFrontDoor
        ? [
            {
              name: 'front-door'
              priority: 100
              action: 'Allow'
              tag: 'ServiceTag'
              ipAddress: 'AzureFrontDoor.Backend'
              headers: { 'x-azure-fdid': [frontDoorId] }
            }
            {
              name: 'event-grid'
              priority: 110
              action: 'Allow'
              tag: 'ServiceTag'
              ipAddress: 'AzureEventGrid'
            }
          ]
        : []
    }
  }
}

resource settings 'Microsoft.Web/sites/config@2024-04-01' = {
  parent: app
  name: 'appsettings'
  properties: union(hostSettings, vaultSettings, botSettings, channelSettings, originSettings, scratchSettings)
}

// The mount names its key by reference to a setting, and the setting is a Key Vault reference: the key itself stands in no configuration.
resource mounts 'Microsoft.Web/sites/config@2024-04-01' = if (!empty(scratchStorageName)) {
  parent: app
  name: 'azurestorageaccounts'
  properties: {
    scratch: {
      type: 'AzureFiles'
      accountName: scratchStorageName
      shareName: 'scratch'
      mountPath: scratchPath
      #disable-next-line use-secure-value-for-secure-inputs // A reference by name, not a key.
      accessKey: '@AppSettingRef(${scratchKeySetting})'
      protocol: 'Smb'
    }
  }
  dependsOn: [settings]
}

resource noFtpPassword 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: app
  name: 'ftp'
  properties: { allow: false }
}

resource noScmPassword 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: app
  name: 'scm'
  properties: { allow: false }
}

output id string = app.id
output name string = app.name
output hostName string = app.properties.defaultHostName
