// Everything that the app and the host's triggers read: addresses and identities, never a secret.
param functionAppName string
param identityClientId string
param publicBaseUrl string
param capabilities string
param hostStorageName string
param contentStorageName string
param cosmosName string
param cosmosDatabase string
param serviceBusHost string
param insightsName string
param keyVaultUri string
param communicationName string
param emailSender string
param smsSender string
param captchaVerifyUrl string
param captchaSiteKey string
param liveKitUrl string
param liveKitApiKey string
param tsaUrl string
param tsaRoots string

@description('The secret in the key vault that belongs to the LiveKit key.')
param liveKitSecretName string = 'livekit-api-secret'

@description('The secret in the key vault that belongs to the captcha.')
param captchaSecretName string = 'captcha-secret'

var managed = 'managedidentity'
var secretReference = '@Microsoft.KeyVault(SecretUri=${keyVaultUri}secrets/${liveKitSecretName})'
var captchaSecretReference = '@Microsoft.KeyVault(SecretUri=${keyVaultUri}secrets/${captchaSecretName})'

resource app 'Microsoft.Web/sites@2024-04-01' existing = {
  name: functionAppName
}

resource hostStorage 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: hostStorageName
}

resource contentStorage 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: contentStorageName
}

resource cosmos 'Microsoft.DocumentDB/databaseAccounts@2024-11-15' existing = {
  name: cosmosName
}

resource communication 'Microsoft.Communication/communicationServices@2023-04-01' existing = {
  name: communicationName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource settings 'Microsoft.Web/sites/config@2024-04-01' = {
  parent: app
  name: 'appsettings'
  properties: {
    // The host
    AzureWebJobsStorage__blobServiceUri: hostStorage.properties.primaryEndpoints.blob
    AzureWebJobsStorage__queueServiceUri: hostStorage.properties.primaryEndpoints.queue
    AzureWebJobsStorage__tableServiceUri: hostStorage.properties.primaryEndpoints.table
    AzureWebJobsStorage__credential: managed
    AzureWebJobsStorage__clientId: identityClientId
    APPLICATIONINSIGHTS_CONNECTION_STRING: insights.properties.ConnectionString
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'

    // The app, and its triggers
    PUBLIC_BASE_URL: publicBaseUrl
    COLLAB_CAPABILITIES: capabilities
    RATE_LIMIT_PER_ADDRESS: '600'
    RATE_LIMIT_PER_USER: '1200'
    REQUIRE_SECOND_FACTOR: 'false'
    SELF_REGISTRATION: 'false'
    TRUSTED_PROXIES: '1' // API Management, which says in X-Forwarded-For who asked it
    AZURE_CLIENT_ID: identityClientId
    COSMOS__accountEndpoint: cosmos.properties.documentEndpoint
    COSMOS__credential: managed
    COSMOS__clientId: identityClientId
    COSMOS_DATABASE: cosmosDatabase
    SERVICE_BUS__fullyQualifiedNamespace: serviceBusHost
    SERVICE_BUS__credential: managed
    SERVICE_BUS__clientId: identityClientId
    BLOB__blobServiceUri: contentStorage.properties.primaryEndpoints.blob
    KEY_VAULT__vaultUri: keyVaultUri

    // What it reaches out to. An empty setting means that there is none.
    COMMUNICATION__endpoint: 'https://${communication.properties.hostName}'
    EMAIL_SENDER: emailSender
    SMS_SENDER: smsSender
    CAPTCHA__verifyUrl: captchaVerifyUrl
    CAPTCHA__siteKey: captchaSiteKey
    CAPTCHA__secret: empty(captchaVerifyUrl) ? '' : captchaSecretReference
    LIVEKIT__url: liveKitUrl
    LIVEKIT__apiKey: liveKitApiKey
    LIVEKIT__apiSecret: empty(liveKitUrl) ? '' : secretReference
    TSA__url: tsaUrl
    TSA__roots: tsaRoots
  }
}
