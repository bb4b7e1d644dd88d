import SecurityCore

/// The payload of itsdangerous's `URLSafe...Serializer`: base64 of JSON or, behind a full stop, of compressed JSON.
public enum URLSafePayload {
    /// JSON of more bytes is not read, compressed or not. Browsers keep cookies of up to 4,096 bytes, and no honest one grows
    /// sixteenfold when it is opened.
    public static let longestJSON = JSONReader.longest

    /// The text of a value. Compressed when that saves at least two bytes.
    static func dump(_ value: JSONValue, _ style: JSONWriter.Style) -> Secret {
        let json = JSONWriter.write(value, style)
        return json.withBytes { json in
            if let compressed = Zlib.compress(json), compressed.count < json.count - 1 {
                let text = compressed.withBytes { Base64.urlSafe.encode($0) }
                var marked = SecretBuilder(capacity: text.count + 1)
                marked.append(Signer.separator)
                marked.append(text)
                return marked.finish()
            }
            return Base64.urlSafe.encode(json)
        }
    }

    /// The value of a text, whoever wrote it; nil when it is none.
    static func load(_ payload: Span<UInt8>) -> JSONValue? {
        let isCompressed = payload.count > 0 && payload[0] == Signer.separator
        guard let bytes = PythonBase64.decode(isCompressed ? payload.extracting(droppingFirst: 1) : payload) else {
            return nil
        }
        guard isCompressed else { return JSONReader.read(bytes) }
        guard let json = bytes.withBytes({ Zlib.decompress($0, limit: longestJSON) }) else { return nil }
        return JSONReader.read(json)
    }
}
