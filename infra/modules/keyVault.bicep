metadata description = 'Where bot tokens, master secret and API key live. infra/secrets.sh fills it: no secret passes through a deployment.'

import { Tags } from 'types.bicep'

param name string
param location string
param tags Tags

@description('Whether what is deleted is kept for 90 days. Cannot be taken back. Losing the master secret loses every video.')
param purgeProtection bool
param publicNetwork bool

@description('Addresses or CIDR ranges that may reach the vault from outside where the network is private: whoever fills it.')
param allowedIps string[] = []

@description('Where the record of who read which secret goes.')
param workspaceId string

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: purgeProtection ? 90 : 7
    // false is refused by the service: either true or not said at all.
    enablePurgeProtection: purgeProtection ? true : null
    enabledForDeployment: false
    enabledForDiskEncryption: false
    enabledForTemplateDeployment: false
    publicNetworkAccess: publicNetwork || !empty(allowedIps) ? 'Enabled' : 'Disabled'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: publicNetwork ? 'Allow' : 'Deny'
      ipRules: [for address in allowedIps: { value: address }]
    }
  }
}

resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: vault
  name: 'audit'
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'AuditEvent'
        enabled: true
      }
    ]
  }
}

output id string = vault.id
output name string = vault.name
output uri string = vault.properties.vaultUri
