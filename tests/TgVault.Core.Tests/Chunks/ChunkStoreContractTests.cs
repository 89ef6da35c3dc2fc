using TgVault.BotApi.Faults;
using TgVault.Core.Chunks;
using TgVault.Core.Telegram;
using TgVault.Core.Tests.Telegram;
using TgVault.Testing;

namespace TgVault.Core.Tests.Chunks;

public sealed class MemoryChunkStoreTests : ChunkStoreContract
{
    private protected override Task<IChunkStore> OpenAsync() => Task.FromResult<IChunkStore>(new MemoryChunkStore());
}

public sealed class TelegramOverStandInTests : ChunkStoreContract
{
    StandIn? _standIn;
    TelegramChunkStore? _store;

    private protected override async Task<IChunkStore> OpenAsync()
    {
        _standIn = await StandIn.StartAsync();
        return _store = StandIn.Store(
            _standIn.Settings(StandIn.FirstToken, StandIn.SecondToken) with
            {
                Channels = [StandIn.FirstChannel, StandIn.SecondChannel],
            }
        );
    }

    protected override async Task CloseAsync()
    {
        _store?.Dispose();
        if (_standIn is not null)
            await _standIn.DisposeAsync();
    }
}

/// <summary>With every kind of passing trouble in a tenth of the calls, the retrying store keeps the contract all the same.</summary>
public sealed class RetryingOverFaultsTests : ChunkStoreContract
{
    static readonly FaultKind[] Passing =
    [
        FaultKind.TooManyRequests,
        FaultKind.TooManyRequestsAs400,
        FaultKind.ServerError,
        FaultKind.BadGateway,
        FaultKind.BadGatewayHtml,
        FaultKind.LinkExpired,
        FaultKind.TruncatedBody,
        FaultKind.RangeIgnored,
        FaultKind.StoredThenTimeout,
    ];

    StandIn? _standIn;
    TelegramChunkStore? _store;

    private protected override async Task<IChunkStore> OpenAsync()
    {
        _standIn = await StandIn.StartAsync();
        for (var i = 0; i < Passing.Length; i++)
            _standIn.Server.Faults.Add(
                new Fault
                {
                    Kind = Passing[i],
                    Probability = 0.1 / Passing.Length,
                    Seed = 1000 + i,
                    DelaySeconds = 0.05,
                }
            );
        _store = _standIn.Store(StandIn.FirstToken, StandIn.SecondToken);
        return new RetryingChunkStore(_store, 8, TimeSpan.FromSeconds(5), TimeProvider.System, () => 0);
    }

    protected override async Task CloseAsync()
    {
        _store?.Dispose();
        if (_standIn is not null)
            await _standIn.DisposeAsync();
    }
}
