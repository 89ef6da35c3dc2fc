metadata description = 'The source of "a blob arrived" events. events.bicep adds the listener, whose address a deployed app has.'

import { Tags } from 'types.bicep'

param name string
param location string
param tags Tags
param storageAccountId string

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: name
  location: location
  tags: tags
  properties: {
    source: storageAccountId
    topicType: 'Microsoft.Storage.StorageAccounts'
  }
}

output name string = topic.name
