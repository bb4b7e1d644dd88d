internal import CTOML

/// A parsed TOML text. Its nodes are lent: each keeps the document alive.
///
/// This is the only file that touches the TOML fence.
@safe
final class TOMLDocument {
    private let document: OpaquePointer

    /// Parses a text of at most 1 MiB.
    init(parsing text: Span<UInt8>) throws(TOMLError) {
        var error = ctoml_error()
        // SAFETY: the bytes live through the call; the document is ours and freed in deinit.
        let parsed = unsafe text.withUnsafeBufferPointer { bytes in
            unsafe ctoml_parse(bytes.baseAddress, bytes.count, &error)
        }
        guard let parsed = unsafe parsed else { throw TOMLError(error) }
        unsafe document = parsed
    }

    deinit { unsafe ctoml_free(document) }

    /// The top level.
    var root: TOMLNode? {
        // SAFETY: the root lives as long as the document, which the node holds.
        guard let root = unsafe ctoml_root(document) else { return nil }
        return unsafe TOMLNode(root, of: self)
    }
}

/// Why a text is not TOML.
struct TOMLError: Error {
    /// Counted from 1; 0 when no line is to blame.
    let line: Int
    /// toml++'s own words.
    let message: String

    fileprivate init(_ error: ctoml_error) {
        line = Int(error.line)
        var text = error.text
        let size = MemoryLayout.size(ofValue: text)
        // SAFETY: the fence ends the array with NUL.
        message = unsafe withUnsafeBytes(of: &text) { bytes in
            unsafe String(decoding: bytes.prefix(size).prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}

/// A value in a ``TOMLDocument``.
@safe
struct TOMLNode {
    /// What a value is.
    enum Kind: Int32 {
        case string = 1
        case integer
        case float
        case boolean
        case date
        case array
        case table
    }

    private let node: UnsafePointer<ctoml_node>
    private let document: TOMLDocument

    fileprivate init(_ node: UnsafePointer<ctoml_node>, of document: TOMLDocument) {
        unsafe self.node = node
        self.document = document
    }

    /// What the value is.
    var kind: Kind { unsafe Kind(rawValue: node.pointee.type) ?? .date }

    /// The line of the key, or of the value where there is no key; from 1.
    var line: Int { Int(unsafe node.pointee.line) }

    /// The key in the table around, empty elsewhere.
    var key: String {
        // SAFETY: the text of the key lives with the document.
        unsafe text(node.pointee.key, node.pointee.key_length)
    }

    /// The value of a string. Not for secrets, which ``secret()`` copies.
    var string: String? {
        guard kind == .string else { return nil }
        // SAFETY: as above.
        return unsafe text(node.pointee.text, node.pointee.text_length)
    }

    /// The value of an integer.
    var integer: Int64? { kind == .integer ? unsafe node.pointee.integer : nil }

    /// The value of a boolean.
    var boolean: Bool? { kind == .boolean ? unsafe node.pointee.integer != 0 : nil }

    /// The value of a float.
    var real: Double? { kind == .float ? unsafe node.pointee.real : nil }

    /// True for `""`, which stands for Python's None.
    var isEmptyString: Bool { unsafe kind == .string && node.pointee.text_length == 0 }

    /// Lends the bytes of a string; nil for another kind.
    func withBytes<R>(_ body: (Span<UInt8>) -> R) -> R? {
        guard kind == .string, let start = unsafe node.pointee.text else { return nil }
        let count = unsafe node.pointee.text_length
        // SAFETY: the text lives with the document, which self holds through the call.
        return unsafe UnsafeRawPointer(start).withMemoryRebound(to: UInt8.self, capacity: count) { bytes in
            body(unsafe Span(_unsafeStart: bytes, count: count))
        }
    }

    /// Copies a string's bytes without a String in between; nil for another kind.
    func secret() -> SharedSecret? {
        withBytes { bytes in SharedSecret(Secret(copying: bytes)) }
    }

    /// The members of an array or a table, in the order of the text.
    var children: [TOMLNode] {
        var children: [TOMLNode] = []
        // SAFETY: the list of neighbours lives with the document.
        var next = unsafe node.pointee.first
        while let child = unsafe next {
            children.append(unsafe TOMLNode(child, of: document))
            unsafe next = child.pointee.next
        }
        return children
    }

    /// The member of a table.
    func child(_ key: String) -> TOMLNode? {
        for child in children where child.key.equals(key) { return child }
        return nil
    }

    private func text(_ start: UnsafePointer<CChar>?, _ count: Int) -> String {
        guard let start = unsafe start else { return "" }
        // SAFETY: `start` points to `count` bytes of the document.
        let bytes = unsafe UnsafeRawBufferPointer(start: start, count: count)
        return unsafe String(decoding: bytes, as: UTF8.self)
    }
}
