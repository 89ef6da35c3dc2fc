metadata description = 'An address inside the network for one part of one resource.'

import { Tags, PrivateKind } from 'types.bicep'

param name string
param location string
param tags Tags
param subnetId string
param zoneId string
param kind PrivateKind

@description('The storage account or Key Vault.')
param targetId string

resource endpoint 'Microsoft.Network/privateEndpoints@2024-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    subnet: { id: subnetId }
    privateLinkServiceConnections: [
      {
        name: kind
        properties: {
          privateLinkServiceId: targetId
          groupIds: [kind]
        }
      }
    ]
  }

  resource registration 'privateDnsZoneGroups' = {
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        {
          name: kind
          properties: { privateDnsZoneId: zoneId }
        }
      ]
    }
  }
}
