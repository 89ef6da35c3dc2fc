metadata description = 'Optional room for large remuxes: an Azure Files share in an account of its own.'

// Mounting a share takes an account key: SMB in App Service knows nothing else. So nothing else is in the account,
// and the key goes straight into the Key Vault.

import { Tags } from 'types.bicep'

param name string
param location string
param tags Tags
param keyVaultName string

@description('The largest the share may grow, in GB. A remux needs the size of the file once.')
param quotaGb int = 1024

param keySecretName string = 'scratch-share-key'

@description('The subnet that alone may reach the share; empty: the whole of Azure and the internet, with the key.')
param subnetId string = ''

resource account 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: 'Standard_LRS' }
  properties: {
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    networkAcls: {
      bypass: 'None'
      defaultAction: empty(subnetId) ? 'Allow' : 'Deny'
      virtualNetworkRules: empty(subnetId) ? [] : [{ id: subnetId, action: 'Allow' }]
    }
  }
}

resource files 'Microsoft.Storage/storageAccounts/fileServices@2023-05-01' = {
  parent: account
  name: 'default'
  properties: {
    // Remuxed video is plaintext: what is deleted must be gone.
    shareDeleteRetentionPolicy: { enabled: false }
  }
}

resource share 'Microsoft.Storage/storageAccounts/fileServices/shares@2023-05-01' = {
  parent: files
  name: 'scratch'
  properties: { shareQuota: quotaGb }
}

resource keyVault 'Microsoft.KeyVault/vaults@2023-07-01' existing = { name: keyVaultName }

resource key 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = {
  parent: keyVault
  name: keySecretName
  properties: { value: account.listKeys().keys[0].value }
}
