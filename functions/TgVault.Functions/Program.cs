using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TgVault.Core.Hosting;
using TgVault.Functions;
using TgVault.Web;
using TgVault.Web.Telemetry;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.UseMiddleware<LogScope>();

var (settings, problems) = AppSettings.Read(builder.Configuration);
foreach (var problem in problems)
    await Console.Error.WriteLineAsync(problem);
if (!problems.IsEmpty)
    return 1;

var foundation = await VaultFoundation.OpenAsync(settings, TimeProvider.System, CancellationToken.None);
builder
    .Services.AddSingleton(TimeProvider.System)
    .AddVault(settings, foundation)
    .AddDurableIngest()
    .AddVaultWeb()
    .AddVaultTelemetry(builder.Configuration, WorkerTelemetry.Add);

using var host = builder.Build();
await host.Services.PrepareVaultAsync();
await host.RunAsync();
return 0;
