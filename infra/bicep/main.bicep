// CollabAzure in one resource group: `azd up` deploys this file, and docs/deploying.md explains it.
targetScope = 'subscription'

@description('Names this deployment and everything in it.')
@minLength(1)
@maxLength(40)
param environmentName string

@description('Where everything is, but for services that are global.')
@metadata({
  azd: {
    type: 'location'
  }
})
param location string

@description('Who is told of alerts, and whom API Management names as publisher.')
@minLength(3)
param operatorEmail string

@description('Where people reach the app, without a slash at the end. Empty: API Management itself.')
param publicBaseUrl string = ''

@description('Origins of web apps that may call from a browser, separated by commas.')
param allowedOrigins string = ''

@description('Capabilities that this deployment serves, separated by commas. Empty: all.')
param capabilities string = ''

@description('Consumption costs nothing while idle; only the others can limit rates.')
@allowed([
  'Consumption'
  'Developer'
  'BasicV2'
  'StandardV2'
  'Premium'
])
param apiManagementSku string = 'Consumption'

@description('Check signatures at the gateway as well. Read docs/deploying.md before switching it on.')
param verifyTokensAtGateway bool = false

@description('Pay for each request; false: autoscaled throughput that all containers share.')
param cosmosServerless bool = true

@description('The most request units a second, where Cosmos DB is not serverless.')
@minValue(1000)
param cosmosMaxThroughput int = 4000

@description('Memory of one instance of the function app.')
@allowed([
  512
  2048
  4096
])
param instanceMemoryMb int = 2048

@description('Instances for HTTP that are always warm, and always paid.')
@minValue(0)
param alwaysReadyInstances int = 0

@description('The most instances of the function app.')
@minValue(40)
@maxValue(1000)
param maximumInstances int = 100

@description('Redundancy of both storage accounts.')
@allowed([
  'Standard_LRS'
  'Standard_ZRS'
  'Standard_GRS'
  'Standard_GZRS'
])
param storageSku string = 'Standard_LRS'

@description('Where Communication Services keeps its data at rest, as it names its regions.')
param communicationDataLocation string = 'Europe'

@description('A number bought in Communication Services, as in +14255550100. Empty: no SMS.')
param smsSender string = ''

@description('Where captchas are judged, as Turnstile and hCaptcha have it. Empty: none is asked for.')
param captchaVerifyUrl string = ''

@description('The site key of the captcha; its secret belongs into the key vault.')
param captchaSiteKey string = ''

@description('The LiveKit server. Empty: no calls.')
param liveKitUrl string = ''

@description('The name of the LiveKit key; its secret belongs into the key vault.')
param liveKitApiKey string = ''

@description('The RFC 3161 time-stamp authority. Empty: signatures carry no time stamp.')
param tsaUrl string = ''

@description('PEM certificates that time stamps are trusted by.')
param tsaRoots string = ''

var topology = loadJsonContent('topology.json')
var abbreviations = loadJsonContent('abbreviations.json')
var token = toLower(uniqueString(subscription().id, environmentName, location))
var tags = {
  'azd-env-name': environmentName
}
var origins = empty(allowedOrigins) ? [] : split(allowedOrigins, ',')
var baseUrl = empty(publicBaseUrl) ? apiManagement.outputs.gatewayUrl : publicBaseUrl

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: '${abbreviations.resourceGroup}${environmentName}'
  location: location
  tags: tags
}

module identity 'modules/identity.bicep' = {
  name: 'identity'
  scope: group
  params: {
    name: '${abbreviations.identity}${token}'
    location: location
    tags: tags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  scope: group
  params: {
    workspaceName: '${abbreviations.workspace}${token}'
    insightsName: '${abbreviations.insights}${token}'
    location: location
    tags: tags
    principalId: identity.outputs.principalId
  }
}

module hostStorage 'modules/host-storage.bicep' = {
  name: 'host-storage'
  scope: group
  params: {
    name: '${abbreviations.storage}host${token}'
    location: location
    tags: tags
    sku: storageSku
    principalId: identity.outputs.principalId
  }
}

module contentStorage 'modules/content-storage.bicep' = {
  name: 'content-storage'
  scope: group
  params: {
    name: '${abbreviations.storage}content${token}'
    location: location
    tags: tags
    sku: storageSku
    containers: topology.blob.containers
    allowedOrigins: origins
    principalId: identity.outputs.principalId
  }
}

module cosmos 'modules/cosmos.bicep' = {
  name: 'cosmos'
  scope: group
  params: {
    name: '${abbreviations.cosmos}${token}'
    location: location
    tags: tags
    databaseName: topology.cosmos.database
    containers: topology.cosmos.containers
    serverless: cosmosServerless
    maxThroughput: cosmosMaxThroughput
    principalId: identity.outputs.principalId
  }
}

module serviceBus 'modules/service-bus.bicep' = {
  name: 'service-bus'
  scope: group
  params: {
    name: '${abbreviations.serviceBus}${token}'
    location: location
    tags: tags
    queues: topology.serviceBus.queues
    topics: topology.serviceBus.topics
    principalId: identity.outputs.principalId
  }
}

module keyVault 'modules/key-vault.bicep' = {
  name: 'key-vault'
  scope: group
  params: {
    name: '${abbreviations.keyVault}${token}'
    location: location
    tags: tags
    principalId: identity.outputs.principalId
  }
}

module communication 'modules/communication.bicep' = {
  name: 'communication'
  scope: group
  params: {
    name: '${abbreviations.communication}${token}'
    emailServiceName: '${abbreviations.emailService}${token}'
    dataLocation: communicationDataLocation
    tags: tags
    principalId: identity.outputs.principalId
  }
}

module apiManagement 'modules/api-management.bicep' = {
  name: 'api-management'
  scope: group
  params: {
    name: '${abbreviations.apiManagement}${token}'
    location: location
    tags: tags
    sku: apiManagementSku
    publisherEmail: operatorEmail
  }
}

module functionApp 'modules/function-app.bicep' = {
  name: 'function-app'
  scope: group
  params: {
    name: '${abbreviations.functionApp}${token}'
    planName: '${abbreviations.plan}${token}'
    location: location
    tags: tags
    identityId: identity.outputs.id
    packageContainerUri: hostStorage.outputs.packageContainerUri
    instanceMemoryMb: instanceMemoryMb
    alwaysReadyInstances: alwaysReadyInstances
    maximumInstances: maximumInstances
  }
}

module appSettings 'modules/app-settings.bicep' = {
  name: 'app-settings'
  scope: group
  params: {
    functionAppName: functionApp.outputs.name
    identityClientId: identity.outputs.clientId
    publicBaseUrl: baseUrl
    capabilities: capabilities
    hostStorageName: hostStorage.outputs.name
    contentStorageName: contentStorage.outputs.name
    cosmosName: cosmos.outputs.name
    cosmosDatabase: topology.cosmos.database
    serviceBusHost: serviceBus.outputs.host
    insightsName: monitoring.outputs.insightsName
    keyVaultUri: keyVault.outputs.uri
    communicationName: communication.outputs.name
    emailSender: communication.outputs.emailSender
    smsSender: smsSender
    captchaVerifyUrl: captchaVerifyUrl
    captchaSiteKey: captchaSiteKey
    liveKitUrl: liveKitUrl
    liveKitApiKey: liveKitApiKey
    tsaUrl: tsaUrl
    tsaRoots: tsaRoots
  }
}

module api 'apim/api.bicep' = {
  name: 'api'
  scope: group
  params: {
    serviceName: apiManagement.outputs.name
    limitsRates: apiManagementSku != 'Consumption'
    verifiesTokens: verifyTokensAtGateway
    backendUrl: '${functionApp.outputs.url}/api'
    publicBaseUrl: baseUrl
    allowedOrigins: origins
  }
}

module alerts 'modules/alerts.bicep' = {
  name: 'alerts'
  scope: group
  params: {
    tags: tags
    operatorEmail: operatorEmail
    serviceBusId: serviceBus.outputs.id
    apiManagementId: apiManagement.outputs.id
  }
}

output AZURE_LOCATION string = location
output AZURE_RESOURCE_GROUP string = group.name
output AZURE_FUNCTION_NAME string = functionApp.outputs.name
output AZURE_FUNCTION_URL string = functionApp.outputs.url
output AZURE_KEY_VAULT_NAME string = keyVault.outputs.name
output COLLAB_API_URL string = '${baseUrl}/api'
output COLLAB_OPERATOR_EMAIL string = operatorEmail
