// Events and jobs between capabilities. Standard: topics, sessions and duplicate detection.
param name string
param location string
param tags object
param queues array
param topics array
param principalId string

var roles = loadJsonContent('../roles.json')
var granted = [
  roles.serviceBusDataSender
  roles.serviceBusDataReceiver
]

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: 'Standard'
    tier: 'Standard'
  }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
  }
}

resource busQueues 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = [for queue in queues: {
  parent: namespace
  name: queue.name
  properties: {
    deadLetteringOnMessageExpiration: true
    defaultMessageTimeToLive: 'P14D'
    duplicateDetectionHistoryTimeWindow: contains(queue, 'duplicateDetectionHistoryTimeWindow') ? queue.duplicateDetectionHistoryTimeWindow : 'PT10M'
    lockDuration: queue.lockDuration
    maxDeliveryCount: queue.maxDeliveryCount
    requiresDuplicateDetection: contains(queue, 'duplicateDetectionHistoryTimeWindow')
    requiresSession: queue.requiresSession
  }
}]

module busTopics 'service-bus-topic.bicep' = [for topic in topics: {
  name: 'service-bus-topic-${topic.name}'
  params: {
    namespaceName: namespace.name
    name: topic.name
    duplicateDetectionHistoryTimeWindow: topic.duplicateDetectionHistoryTimeWindow
    subscriptions: topic.subscriptions
  }
}]

resource grants 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for role in granted: {
  name: guid(namespace.id, principalId, role)
  scope: namespace
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
  }
}]

output id string = namespace.id
output host string = split(replace(namespace.properties.serviceBusEndpoint, 'https://', ''), ':')[0]
