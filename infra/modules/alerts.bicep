metadata description = 'What a person is told about: failed ingests, poison messages, Telegram pushing back, errors to viewers.'

import { Tags } from 'types.bicep'

param actionGroupName string
param location string
param tags Tags
param workspaceId string

@description('Who is told; empty: alerts show in the portal only.')
param email string

@description('429 answers of Telegram in 15 minutes that are still normal: the pace limit makes a few of them.')
param tolerated429s int = 60

type Alert = {
  name: string
  description: string
  query: string
  @description('Sum of the column Events in the window that is still fine.')
  threshold: int
  windowMinutes: 5 | 15 | 60
  severity: 0 | 1 | 2 | 3 | 4
}

var alerts Alert[] = [
  {
    name: 'ingest-failed'
    description: 'A video could not be taken in. Its row says why; the upload is kept, and a retry is possible.'
    query: '''
      AppMetrics
      | where Name == "tgvault.ingest.videos"
      | where tostring(Properties["tgvault.outcome"]) == "failed"
      | project Events = Sum
      | union (
          AppDependencies
          | where Name in ("function UploadArrived", "function IngestUpload") and Success == false
          | project Events = todouble(ItemCount)
        )
    '''
    threshold: 0
    windowMinutes: 15
    severity: 2
  }
  {
    name: 'poison-messages'
    description: 'An upload event failed five times and was put aside in the queue webjobs-blobtrigger-poison.'
    query: '''
      AppTraces
      | where Message has "webjobs-blobtrigger-poison"
      | project Events = 1.0
    '''
    threshold: 0
    windowMinutes: 15
    severity: 1
  }
  {
    name: 'telegram-429'
    description: 'Telegram asks for more waits than the pace explains, so all slows down. Add bots or channels, or lower the concurrency.'
    query: '''
      AppMetrics
      | where Name == "tgvault.telegram.throttles"
      | project Events = Sum
    '''
    threshold: tolerated429s
    windowMinutes: 15
    severity: 3
  }
  {
    name: 'errors-5xx'
    // The app counts what it answers, the host what is answered, also while the app is down: the larger of the two is what happened.
    description: 'Viewers or clients got server errors, or were cut off.'
    query: '''
      AppMetrics
      | where Name in ("tgvault.http.request.duration", "http.server.request.duration")
      | where toint(Properties["http.response.status_code"]) between (500 .. 599) or tostring(Properties["tgvault.outcome"]) == "cut"
      | summarize Events = todouble(sum(ItemCount)) by Name
      | top 1 by Events
    '''
    threshold: 5
    windowMinutes: 5
    severity: 1
  }
]

resource actionGroup 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: actionGroupName
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'tgvault'
    emailReceivers: empty(email)
      ? []
      : [
          {
            name: 'owner'
            emailAddress: email
            useCommonAlertSchema: true
          }
        ]
  }
}

resource rule 'Microsoft.Insights/scheduledQueryRules@2022-06-15' = [
  for alert in alerts: {
    name: alert.name
    location: location
    tags: tags
    properties: {
      displayName: alert.name
      description: alert.description
      enabled: true
      severity: alert.severity
      scopes: [workspaceId]
      evaluationFrequency: 'PT${alert.windowMinutes}M'
      windowSize: 'PT${alert.windowMinutes}M'
      autoMitigate: true
      // A workspace has its tables only once data has arrived; without this the first deployment fails.
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: alert.query
            timeAggregation: 'Total'
            metricMeasureColumn: 'Events'
            operator: 'GreaterThan'
            threshold: alert.threshold
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      actions: { actionGroups: [actionGroup.id] }
    }
  }
]

output actionGroupId string = actionGroup.id
