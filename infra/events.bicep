metadata description = 'Second step, after the app has been published: tells Event Grid to call the blob trigger. Safe to repeat.'

targetScope = 'resourceGroup'

@description('The function app, as main.bicep names it in its outputs.')
param functionAppName string

@description('The system topic on the vault storage, as main.bicep names it in its outputs.')
param eventTopicName string

@description('The container uploads land in.')
param uploadContainer string

@description('The blob-triggered function.')
param functionName string = 'UploadArrived'

resource functionApp 'Microsoft.Web/sites@2024-04-01' existing = { name: functionAppName }

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = { name: eventTopicName }

// The blobs_extension key authorises exactly this webhook. It goes from one resource into another inside Azure and is no output.
var webhookKey = listKeys('${functionApp.id}/host/default', '2024-04-01').systemKeys.blobs_extension
var host = functionApp.properties.defaultHostName

resource uploads 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = {
  parent: topic
  name: 'uploads'
  properties: {
    eventDeliverySchema: 'EventGridSchema'
    destination: {
      endpointType: 'WebHook'
      properties: {
        endpointUrl: 'https://${host}/runtime/webhooks/blobs?functionName=Host.Functions.${functionName}&code=${webhookKey}'
        maxEventsPerBatch: 1
      }
    }
    filter: {
      subjectBeginsWith: '/blobServices/default/containers/${uploadContainer}/blobs/'
      includedEventTypes: ['Microsoft.Storage.BlobCreated']
    }
    // A day of retries rides out a deployment that went wrong; the app's own timer finds what is missed even so.
    retryPolicy: {
      eventTimeToLiveInMinutes: 1440
      maxDeliveryAttempts: 30
    }
  }
}
