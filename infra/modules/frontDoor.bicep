metadata description = 'Optional Front Door: links on an edge near the viewer. Nothing is cached there: links are personal and expire.'

import { Tags } from 'types.bicep'

param profileName string
param endpointName string
param tags Tags
param originHostName string

resource profile 'Microsoft.Cdn/profiles@2024-02-01' = {
  name: profileName
  location: 'global'
  tags: tags
  sku: { name: 'Standard_AzureFrontDoor' }
  properties: {
    // The longest Front Door allows; the app holds a response far shorter while Telegram makes it wait.
    originResponseTimeoutSeconds: 240
  }
}

resource endpoint 'Microsoft.Cdn/profiles/afdEndpoints@2024-02-01' = {
  parent: profile
  name: endpointName
  location: 'global'
  tags: tags
  properties: { enabledState: 'Enabled' }
}

resource origins 'Microsoft.Cdn/profiles/originGroups@2024-02-01' = {
  parent: profile
  name: 'app'
  properties: {
    loadBalancingSettings: {
      sampleSize: 4
      successfulSamplesRequired: 3
    }
    // No probe: with one origin there is nothing to fail over to, and every probe would wake an instance.
    sessionAffinityState: 'Disabled'
  }
}

resource origin 'Microsoft.Cdn/profiles/originGroups/origins@2024-02-01' = {
  parent: origins
  name: 'app'
  properties: {
    enabledState: 'Enabled'
    enforceCertificateNameCheck: true
    hostName: originHostName
    originHostHeader: originHostName
    httpsPort: 443
    priority: 1
    weight: 1000
  }
}

resource route 'Microsoft.Cdn/profiles/afdEndpoints/routes@2024-02-01' = {
  parent: endpoint
  name: 'all'
  properties: {
    enabledState: 'Enabled'
    originGroup: { id: origins.id }
    supportedProtocols: ['Http', 'Https']
    httpsRedirect: 'Enabled'
    forwardingProtocol: 'HttpsOnly'
    linkToDefaultDomain: 'Enabled'
    patternsToMatch: ['/*']
  }
  dependsOn: [origin]
}

@description('What Front Door sends as x-azure-fdid: an identification, not a secret.')
output frontDoorId string = profile.properties.frontDoorId
output hostName string = endpoint.properties.hostName
