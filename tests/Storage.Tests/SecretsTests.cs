namespace OrleansClean.Storage.Tests;

public sealed class SecretsTests
{
    [Theory]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=x;AccountKey=CANARY==;EndpointSuffix=y", "DefaultEndpointsProtocol=https;AccountName=x;AccountKey=***;EndpointSuffix=y")]
    [InlineData("accountkey = CANARY", "accountkey = ***")]
    [InlineData("BlobEndpoint=https://x/;SharedAccessSignature=sv=1&sig=CANARY", "BlobEndpoint=https://x/;SharedAccessSignature=***")]
    [InlineData("https://x.example/in/a.csv?sv=2024&sig=CANARY%3D&se=1", "https://x.example/in/a.csv?sv=2024&sig=***&se=1")]
    [InlineData("sig=CANARY", "sig=***")]
    [InlineData("Authorization: Bearer CANARY.eyJ0eXAiOi", "Authorization: Bearer ***")]
    [InlineData("https://user:CANARY@x.example/a", "https://***@x.example/a")]
    [InlineData("Host=x;Password=CANARY;Pwd=CANARY", "Host=x;Password=***;Pwd=***")]
    [InlineData("'https://x/?sig=CANARY' is no folder", "'https://x/?sig=***' is no folder")]
    public void Keys_signatures_tokens_and_passwords_are_taken_out(string text, string hidden)
    {
        Assert.True(Secrets.Has(text));
        Assert.Equal(hidden, Secrets.Hide(text));
    }

    [Theory]
    [InlineData("in/design=final.csv")]
    [InlineData("sig=")]
    [InlineData("The bearer of this")]
    [InlineData("https://x.example/a@b:c")]
    [InlineData("C:/x.csv")]
    [InlineData("passwords.csv")]
    public void Other_text_stays(string text)
    {
        Assert.False(Secrets.Has(text));
        Assert.Equal(text, Secrets.Hide(text));
    }
}
