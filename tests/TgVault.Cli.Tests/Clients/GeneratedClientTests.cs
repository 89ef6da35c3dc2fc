using NJsonSchema.CodeGeneration.CSharp;
using NSwag;
using NSwag.CodeGeneration.CSharp;
using NSwag.CodeGeneration.OperationNameGenerators;
using TgVault.Cli.Tests.EndToEnd;
using TgVault.Testing;

namespace TgVault.Cli.Tests.Clients;

/// <summary>
/// Clients that others' programs make from the description which a vault serves: they compile, and do with the vault what tests/clients
/// has them do.
/// </summary>
[Collection(SharedVaultCollection.Name)]
public sealed class GeneratedClientTests(SharedVault shared) : IAsyncLifetime
{
    static readonly string Sources = Path.Combine(RepositoryFolders.Root(), "tests", "clients");

    readonly string _folder = Directory.CreateTempSubdirectory("tgvault-client-").FullName;
    readonly VaultProcess _vault = shared.Vault;
    string _document = "";

    string Key => _vault.Client.DefaultRequestHeaders.GetValues("X-Api-Key").Single();

    public async Task InitializeAsync()
    {
        _document = await _vault.Client.GetStringAsync("api/openapi.json");
        await WriteAsync("openapi.json", _document);
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    [Fact(Timeout = 300_000)]
    public async Task One_in_TypeScript_compiles_and_works()
    {
        Directory.CreateSymbolicLink(Path.Combine(_folder, "node_modules"), RepositoryFolders.NodeModules());
        File.Copy(Path.Combine(Sources, "smoke.ts"), Path.Combine(_folder, "smoke.ts"));
        await WriteAsync(
            "tsconfig.json",
            """
            {
              "compilerOptions": {
                "strict": true,
                "noEmit": true,
                "target": "es2022",
                "module": "esnext",
                "moduleResolution": "bundler",
                "lib": ["es2022", "dom"],
                "types": []
              },
              "files": ["smoke.ts"]
            }
            """
        );

        await NodeAsync("openapi-typescript/bin/cli.js", "openapi.json", "--output", "api.ts");
        await NodeAsync("typescript/bin/tsc", "--project", ".");
        await NodeAsync("esbuild/bin/esbuild", "smoke.ts", "--bundle", "--format=esm", "--platform=node", "--outfile=smoke.mjs");
        var environment = new Dictionary<string, string> { ["VAULT"] = $"{_vault.Url}".TrimEnd('/'), ["KEY"] = Key };

        Ended(await OtherProgram.RunAsync(_folder, environment, "node", "smoke.mjs"), "ok");
    }

    [Fact(Timeout = 300_000)]
    public async Task One_in_CSharp_compiles_and_works()
    {
        var settings = new CSharpClientGeneratorSettings
        {
            ClassName = "VaultClient",
            OperationNameGenerator = new SingleClientFromOperationIdOperationNameGenerator(),
            GenerateOptionalParameters = true,
            UseBaseUrl = false,
            CSharpGeneratorSettings = { Namespace = "Vault", JsonLibrary = CSharpJsonLibrary.SystemTextJson },
        };
        var client = new CSharpClientGenerator(await OpenApiDocument.FromJsonAsync(_document), settings).GenerateFile();
        await WriteAsync("smoke.cs", await File.ReadAllTextAsync(Path.Combine(Sources, "smoke.cs")) + client);

        Ended(
            await OtherProgram.RunAsync(
                _folder,
                new Dictionary<string, string>(),
                ["dotnet", "run", "smoke.cs", "--", $"{_vault.Url}", Key]
            ),
            "ok"
        );
    }

    async Task NodeAsync(string script, params string[] arguments) => Ended(await OtherProgram.NodeAsync(_folder, script, arguments), null);

    /// <summary>It ended well, and last of all printed that.</summary>
    static void Ended(CommandOutput output, string? last)
    {
        Assert.True(output.ExitCode == 0, $"{output.ExitCode}:\n{output.Output}\n{output.Error}");
        if (last is not null)
            Assert.Equal(last, output.Output.Trim().Split('\n')[^1]);
    }

    Task WriteAsync(string name, string text) => File.WriteAllTextAsync(Path.Combine(_folder, name), text);
}
