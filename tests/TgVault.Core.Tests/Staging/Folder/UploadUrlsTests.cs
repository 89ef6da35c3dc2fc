using System.Web;
using Microsoft.Extensions.Time.Testing;
using TgVault.Core.Crypto;
using TgVault.Core.Staging.Folder;

namespace TgVault.Core.Tests.Staging.Folder;

public sealed class UploadUrlsTests : IDisposable
{
    readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(60));
    readonly KeyRing _keys = new([Key(1)]);

    public void Dispose() => _keys.Dispose();

    [Fact]
    public void It_is_good_until_its_second_and_then_known_as_expired()
    {
        var urls = new UploadUrls(_keys, _time);
        var ticket = urls.Sign("a name/é", TimeSpan.FromMinutes(5));
        var query = Query(ticket.Url);

        Assert.StartsWith(UploadUrls.Path + "a%20name%2F%C3%A9?", ticket.Url.OriginalString, StringComparison.Ordinal);
        Assert.Equal(_time.GetUtcNow().AddMinutes(5), ticket.Expires);
        _time.SetUtcNow(ticket.Expires.AddMilliseconds(-1));
        Assert.Equal(UploadUrlStatus.Valid, urls.Check("a name/é", query));
        _time.SetUtcNow(ticket.Expires);
        Assert.Equal(UploadUrlStatus.Expired, urls.Check("a name/é", query));
    }

    [Fact]
    public void Whatever_is_changed_it_is_not_good()
    {
        var urls = new UploadUrls(_keys, _time);
        var good = Query(urls.Sign("name", TimeSpan.FromMinutes(5)).Url);

        Assert.Equal(UploadUrlStatus.Valid, urls.Check("name", good));
        Assert.Equal(UploadUrlStatus.Invalid, urls.Check("nam", good));
        foreach (
            var changed in new[]
            {
                good with
                {
                    Version = "2020-02-10",
                },
                good with
                {
                    Expires = good.Expires!.Replace("2030", "2031", StringComparison.Ordinal),
                },
                good with
                {
                    Resource = "c",
                },
                good with
                {
                    Permissions = "rcw",
                },
                good with
                {
                    Key = "v2",
                },
                good with
                {
                    Key = "1",
                },
                good with
                {
                    Signature = Convert.ToBase64String(new byte[32]),
                },
                good with
                {
                    Signature = good.Signature + "=",
                },
                good with
                {
                    Signature = "",
                },
                good with
                {
                    Version = null,
                },
                good with
                {
                    Expires = null,
                },
                good with
                {
                    Key = null,
                },
                good with
                {
                    Signature = null,
                },
            }
        )
            Assert.Equal(UploadUrlStatus.Invalid, urls.Check("name", changed));
    }

    [Fact]
    public void Another_key_signs_otherwise_and_an_older_one_is_still_known()
    {
        var query = Query(new UploadUrls(_keys, _time).Sign("name", TimeSpan.FromMinutes(5)).Url);
        using var foreign = new KeyRing([VaultKey.FromBytes(1, Enumerable.Repeat((byte)9, VaultKey.SizeBytes).ToArray())]);
        using var rotated = new KeyRing([Key(1), Key(2)]);

        Assert.Equal(UploadUrlStatus.Invalid, new UploadUrls(foreign, _time).Check("name", query));
        Assert.Equal(UploadUrlStatus.Valid, new UploadUrls(rotated, _time).Check("name", query));
    }

    static VaultKey Key(int version) => VaultKey.FromBytes(version, Enumerable.Repeat((byte)version, VaultKey.SizeBytes).ToArray());

    static UploadUrlQuery Query(Uri url)
    {
        var query = HttpUtility.ParseQueryString(url.OriginalString.Split('?')[1]);
        return new UploadUrlQuery(query["sv"], query["se"], query["sr"], query["sp"], query["si"], query["sig"]);
    }
}
