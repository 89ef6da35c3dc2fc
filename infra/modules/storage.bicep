metadata description = 'A storage account that knows no keys: TLS 1.2, nothing public, access by identity only.'

import { Tags } from 'types.bicep'

param name string
param location string
param tags Tags
param sku 'Standard_LRS' | 'Standard_ZRS'

@description('Blob containers to make.')
param containers string[]

@description('Sites whose pages may write to a blob they have an upload URL for; none: no cross-origin access.')
param corsOrigins string[] = []

@description('Containers whose blobs are removed when nobody has touched them for so long, in days; 0: kept.')
param expireContainers string[] = []
param expireAfterDays int = 0

@description('Whether the account answers from the internet at all. Browsers upload straight to the vault storage, so that one must.')
param publicNetwork bool = true

resource account 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: sku }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: publicNetwork ? 'Enabled' : 'Disabled'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: publicNetwork ? 'Allow' : 'Deny'
    }
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2023-05-01' = {
  parent: account
  name: 'default'
  properties: {
    // No soft delete: what a person deletes here is plaintext video, and it must be gone.
    deleteRetentionPolicy: { enabled: false }
    cors: {
      corsRules: empty(corsOrigins)
        ? []
        : [
            {
              allowedOrigins: corsOrigins
              allowedMethods: ['PUT', 'HEAD', 'OPTIONS']
              allowedHeaders: ['content-type', 'content-length', 'x-ms-*']
              exposedHeaders: ['etag', 'x-ms-*']
              maxAgeInSeconds: 3600
            }
          ]
    }
  }
}

resource container 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01' = [
  for name in containers: {
    parent: blobs
    name: name
    properties: { publicAccess: 'None' }
  }
]

resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2023-05-01' = if (expireAfterDays > 0) {
  parent: account
  name: 'default'
  properties: {
    policy: {
      rules: [
        {
          name: 'abandoned-uploads'
          type: 'Lifecycle'
          enabled: true
          definition: {
            filters: {
              blobTypes: ['blockBlob']
              prefixMatch: [for container in expireContainers: '${container}/']
            }
            actions: {
              baseBlob: { delete: { daysAfterModificationGreaterThan: expireAfterDays } }
            }
          }
        }
      ]
    }
  }
}

output id string = account.id
output blobEndpoint string = account.properties.primaryEndpoints.blob
output queueEndpoint string = account.properties.primaryEndpoints.queue
output tableEndpoint string = account.properties.primaryEndpoints.table
