using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TgVault.Core.Settings;
using TgVault.Web;

namespace TgVault.Functions.Tests.Contract;

/// <summary>What only the worker's packages can show: that the pipeline finds all it needs in a worker.</summary>
public sealed class WorkerRoutingTests
{
    [Theory(Timeout = 30_000)]
    [InlineData("GET", "/nobody/has/this", 404, "")]
    [InlineData("PUT", "/api/health", 405, "GET, HEAD")]
    [InlineData("POST", "/v/link/hls/0/init.mp4", 405, "GET, HEAD, OPTIONS")]
    public async Task Routes_are_found_or_refused_by_the_services_of_a_worker(string method, string path, int status, string allow)
    {
        var builder = FunctionsApplication.CreateBuilder([]);
        builder.ConfigureFunctionsWebApplication();
        builder.Services.AddSingleton(new VaultSettings()).AddVaultWeb();
        using var host = builder.Build();
        var context = new DefaultHttpContext { RequestServices = host.Services };
        (context.Request.Method, context.Request.Path) = (method, path);

        await host.Services.GetRequiredService<VaultPipeline>().RunAsync(context);

        Assert.Equal((status, allow), (context.Response.StatusCode, context.Response.Headers.Allow.ToString()));
        Assert.Equal("application/problem+json", context.Response.ContentType);
    }
}
