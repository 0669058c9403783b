// One capability's topic, and who waits for which of its events.
param namespaceName string
param name string
param duplicateDetectionHistoryTimeWindow string
param subscriptions array

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' existing = {
  name: namespaceName
}

resource topic 'Microsoft.ServiceBus/namespaces/topics@2024-01-01' = {
  parent: namespace
  name: name
  properties: {
    defaultMessageTimeToLive: 'P14D'
    duplicateDetectionHistoryTimeWindow: duplicateDetectionHistoryTimeWindow
    requiresDuplicateDetection: true
    supportOrdering: true
  }
}

resource waiting 'Microsoft.ServiceBus/namespaces/topics/subscriptions@2024-01-01' = [for subscriber in subscriptions: {
  parent: topic
  name: subscriber.name
  properties: {
    deadLetteringOnFilterEvaluationExceptions: true
    deadLetteringOnMessageExpiration: true
    defaultMessageTimeToLive: 'P14D'
    lockDuration: subscriber.lockDuration
    maxDeliveryCount: subscriber.maxDeliveryCount
    requiresSession: subscriber.requiresSession
  }
}]

// A subscription is born with a rule of this name that lets everything pass: this one replaces it.
resource rules 'Microsoft.ServiceBus/namespaces/topics/subscriptions/rules@2024-01-01' = [for (subscriber, i) in subscriptions: {
  parent: waiting[i]
  name: '$Default'
  properties: {
    filterType: 'CorrelationFilter'
    correlationFilter: subscriber.correlationFilter
  }
}]
