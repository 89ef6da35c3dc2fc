using Microsoft.Extensions.Time.Testing;
using TgVault.Core.Crypto;
using TgVault.Core.Sessions;

namespace TgVault.Core.Tests.Sessions;

public sealed class VaultSessionsTests : IDisposable
{
    static readonly DateTimeOffset Start = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    readonly FakeTimeProvider _time = new(Start);
    readonly KeyRing _keys = new([VaultKey.FromBytes(1, new byte[32])]);
    readonly VaultSessions _sessions;

    public VaultSessionsTests() => _sessions = new VaultSessions(_keys, "the key", _time);

    public void Dispose() => _keys.Dispose();

    [Fact]
    public void A_session_is_good_until_its_time_is_over()
    {
        var session = _sessions.Make();

        Assert.Equal(Start + VaultSessions.SessionLifetime, _sessions.Check(session));
        _time.SetUtcNow(Start + VaultSessions.SessionLifetime - TimeSpan.FromSeconds(1));
        Assert.NotNull(_sessions.Check(session));
        _time.SetUtcNow(Start + VaultSessions.SessionLifetime);
        Assert.Null(_sessions.Check(session));
    }

    [Fact]
    public void Another_API_key_and_another_vault_know_no_session_of_this_one()
    {
        using var others = new KeyRing([VaultKey.FromBytes(1, Enumerable.Repeat((byte)7, 32).ToArray())]);
        var session = _sessions.Make();

        Assert.NotNull(new VaultSessions(_keys, "the key", _time).Check(session));
        Assert.Null(new VaultSessions(_keys, "a new key", _time).Check(session));
        Assert.Null(new VaultSessions(others, "the key", _time).Check(session));
        Assert.NotEqual(_sessions.VaultName, new VaultSessions(others, "the key", _time).VaultName);
    }

    [Fact]
    public void A_session_with_any_letter_changed_is_none()
    {
        var session = _sessions.Make();

        for (var i = 0; i < session.Length; i++)
        {
            var letters = session.ToCharArray();
            letters[i] = letters[i] == 'A' ? 'B' : 'A';
            Assert.Null(_sessions.Check(new string(letters)));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("-----------------------------------------------------------------------")]
    [InlineData("äääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääää")]
    public void What_is_no_session_is_none(string? text)
    {
        Assert.Null(_sessions.Check(text));
        Assert.False(_sessions.TakeCode(text));
    }

    [Fact]
    public void A_code_is_good_once_and_for_its_time()
    {
        var (code, expires) = _sessions.MakeCode();
        var (late, _) = _sessions.MakeCode();

        Assert.Equal(Start + VaultSessions.CodeLifetime, expires);
        Assert.True(_sessions.TakeCode(code));
        Assert.False(_sessions.TakeCode(code));
        _time.SetUtcNow(expires);
        Assert.False(_sessions.TakeCode(late));
        Assert.False(_sessions.TakeCode(code));
    }

    [Fact]
    public void A_code_is_no_session_and_a_session_no_code()
    {
        Assert.Null(_sessions.Check(_sessions.MakeCode().Code));
        Assert.False(_sessions.TakeCode(_sessions.Make()));
    }
}
