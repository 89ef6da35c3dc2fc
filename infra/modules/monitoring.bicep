metadata description = 'Logs, metrics and traces: a workspace with Application Insights. Only the app identity may send telemetry.'

import { Tags } from 'types.bicep'

param workspaceName string
param insightsName string
param location string
param tags Tags
param retentionDays int

@description('Ingestion stops for the day at so many GB: a bug that logs in a loop must not cost more than the vault does.')
param dailyCapGb int

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: workspaceName
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: retentionDays
    workspaceCapping: { dailyQuotaGb: dailyCapGb }
    features: { disableLocalAuth: true }
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: insightsName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    DisableLocalAuth: true
    IngestionMode: 'LogAnalytics'
    WorkspaceResourceId: workspace.id
  }
}

output workspaceId string = workspace.id

@description('An address, not a secret: with local authentication off it admits nobody.')
output insightsConnectionString string = insights.properties.ConnectionString
