metadata description = 'The DNS zone that makes names of one kind (blob, queue, table, vault) resolve to private endpoints.'

import { Tags, PrivateKind } from 'types.bicep'

param tags Tags
param networkId string
param kind PrivateKind

resource zone 'Microsoft.Network/privateDnsZones@2020-06-01' = {
  // Key Vault's private zone is not derived from its public suffix.
  name: kind == 'vault' ? 'privatelink.vaultcore.azure.net' : 'privatelink.${kind}.${environment().suffixes.storage}'
  location: 'global'
  tags: tags

  resource link 'virtualNetworkLinks' = {
    name: 'tgvault'
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      virtualNetwork: { id: networkId }
    }
  }
}

output id string = zone.id
