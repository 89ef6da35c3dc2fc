metadata description = 'The dashboard: what goes in, what Telegram does, what viewers get. workbook.json is edited in the portal.'

import { Tags } from 'types.bicep'

param displayName string
param location string
param tags Tags

@description('The Application Insights whose telemetry it shows.')
param insightsName string

resource insights 'Microsoft.Insights/components@2020-02-02' existing = { name: insightsName }

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  // Workbooks are named by a GUID.
  name: guid(insights.id, displayName)
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: displayName
    category: 'workbook'
    sourceId: insights.id
    serializedData: string(union(loadJsonContent('../workbook.json'), { fallbackResourceIds: [insights.id] }))
    version: 'Notebook/1.0'
  }
}
