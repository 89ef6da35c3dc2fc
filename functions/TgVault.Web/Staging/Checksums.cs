using System.Security.Cryptography;
using Azure.Storage;
using Microsoft.AspNetCore.Http;
using TgVault.Core.Staging.Folder;

namespace TgVault.Web.Staging;

/// <summary>What a client sent to hold its body against. None is passed over: what cannot be checked is refused.</summary>
internal sealed record Checksums
{
    const string Crc64Header = "x-ms-content-crc64";
    const string StructureHeader = "x-ms-structured-body";
    const string StructuredLengthHeader = "x-ms-structured-content-length";

    const int Md5Bytes = 16;
    const int Crc64Bytes = 8;

    ReadOnlyMemory<byte>? Md5 { get; init; }

    ReadOnlyMemory<byte>? Crc64 { get; init; }

    /// <summary>Whether the body is a structured message, with checksums within, and how long its content is.</summary>
    long? StructuredBytes { get; init; }

    /// <summary>Reads the headers, or says what is wrong with them.</summary>
    public static (Checksums Found, BlobError? Error) Read(HttpRequest request)
    {
        var headers = request.Headers;
        var (md5, crc64) = (Decode(headers.ContentMD5.ToString(), Md5Bytes), Decode(headers[Crc64Header].ToString(), Crc64Bytes));
        if (headers.ContentMD5.Count > 0 && md5 is null)
            return (new Checksums(), new BlobError(400, "InvalidMd5", "Content-MD5 must be 128 bits in base64."));
        if (headers[Crc64Header].Count > 0 && crc64 is null)
            return (new Checksums(), BlobError.Invalid(Crc64Header));
        if (headers[StructureHeader].Count == 0)
            return (new Checksums { Md5 = md5, Crc64 = crc64 }, null);
        if (headers[StructureHeader].ToString() != StructuredBody.Kind || md5 is not null || crc64 is not null)
            return (new Checksums(), BlobError.Invalid(StructureHeader));
        return long.TryParse(headers[StructuredLengthHeader], out var length) && length >= 0 && length <= request.ContentLength
            ? (new Checksums { StructuredBytes = length }, null)
            : (new Checksums(), BlobError.Invalid(StructuredLengthHeader));
    }

    /// <summary>The body's content, held against these as it is read.</summary>
    public UploadContent ContentOf(HttpRequest request) =>
        StructuredBytes is { } length
            ? new UploadContent(new StructuredBody(request.Body, request.ContentLength!.Value), length)
            : new UploadContent(request.Body, request.ContentLength!.Value) { Md5 = Md5, Crc64 = Crc64 };

    /// <summary>The same for a body that was read whole.</summary>
    /// <exception cref="UploadRefusedException">It is not what was sent.</exception>
    public void Check(ReadOnlySpan<byte> body)
    {
#pragma warning disable CA5351 // Finds damage on the way, as RFC 1864 says; it protects from nobody.
        if (Md5 is { } md5 && !MD5.HashData(body).AsSpan().SequenceEqual(md5.Span))
#pragma warning restore CA5351
            throw new UploadRefusedException(UploadRefusal.Md5Mismatch, "The block list does not have the MD5 that was sent with it.");
        if (Crc64 is not { } wanted)
            return;
        var crc64 = StorageCrc64HashAlgorithm.Create();
        crc64.Append(body);
        if (!crc64.GetCurrentHash().AsSpan().SequenceEqual(wanted.Span))
            throw new UploadRefusedException(UploadRefusal.Crc64Mismatch, "The block list does not have the CRC64 that was sent with it.");
    }

    /// <summary>Whether the body is to be taken apart first.</summary>
    public bool IsStructured => StructuredBytes is not null;

    /// <summary>Tells the client what its body was held against.</summary>
    public void Tell(HttpResponse response)
    {
        if (Md5 is { } md5)
            response.Headers.ContentMD5 = Convert.ToBase64String(md5.Span);
        if (Crc64 is { } crc64)
            response.Headers[Crc64Header] = Convert.ToBase64String(crc64.Span);
        if (StructuredBytes is not null)
            response.Headers[StructureHeader] = StructuredBody.Kind;
    }

    /// <summary>What <c>x-ms-blob-content-md5</c> says of a whole blob; Azure holds it against a Put Blob, and so is it here.</summary>
    public static (ReadOnlyMemory<byte>? Md5, BlobError? Error) ReadBlobMd5(HttpRequest request)
    {
        const string Header = "x-ms-blob-content-md5";
        var md5 = Decode(request.Headers[Header].ToString(), Md5Bytes);
        return request.Headers[Header].Count > 0 && md5 is null ? (null, BlobError.Invalid(Header)) : (md5, null);
    }

    static ReadOnlyMemory<byte>? Decode(string text, int lengthBytes)
    {
        var decoded = new byte[lengthBytes];
        // A byte more than fits makes it fail, too.
        if (Convert.TryFromBase64String(text, decoded, out var written) && written == lengthBytes)
            return decoded;
        // Not in one expression: there, null would become an array and that an empty memory.
        return null;
    }
}
