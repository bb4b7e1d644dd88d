import CJansson

/// A JSON object (RFC 8259), read by jansson.
///
/// Requirements on callers:
/// 1. The text MUST be short and shallow: jansson calls itself for each level, up to 2,048.
/// 2. No secret may stand in the text: jansson frees its copies without wiping them, and whose allocator it uses is a
///    setting of the whole process, which is not ours.
///
/// A name that comes twice makes a text invalid. jansson's first object in a process reads 8 bytes of /dev/urandom for
/// its hash tables and closes the descriptor again; it starts no thread and keeps nothing else.
@safe
public struct JSONObject: ~Copyable {
    private let value: UnsafeMutablePointer<json_t>

    /// Reads a text that is one object; nil when it is anything else.
    public init?(_ text: Span<UInt8>) {
        let root = unsafe text.withUnsafeBytes { text in
            // SAFETY: jansson copies what it needs of `text`.
            unsafe json_loadb(
                text.baseAddress?.assumingMemoryBound(to: CChar.self), text.count, Int(JSON_REJECT_DUPLICATES), nil)
        }
        guard let root = unsafe root else { return nil }
        guard unsafe root.pointee.type == JSON_OBJECT else {
            unsafe json_decref(root)
            return nil
        }
        // SAFETY: this value owns one count of `root`.
        unsafe value = root
    }

    private init(owning value: UnsafeMutablePointer<json_t>) {
        unsafe self.value = value
    }

    deinit {
        unsafe json_decref(value)
    }

    /// The names, in no order.
    public var names: [String] {
        var names: [String] = []
        // SAFETY: the object is not changed meanwhile; keys are NUL-terminated and live as long as it does.
        var place = unsafe json_object_iter(value)
        while let current = unsafe place {
            if let key = unsafe json_object_iter_key(current), let name = unsafe String(validatingCString: key) {
                names.append(name)
            }
            unsafe place = json_object_iter_next(value, current)
        }
        return names
    }

    /// Whether there is a value of this name, of any type.
    public borrowing func contains(_ name: String) -> Bool {
        unsafe json_object_get(value, name) != nil
    }

    /// The string of this name; nil when there is none or another type.
    public borrowing func string(_ name: String) -> String? {
        guard let member = unsafe json_object_get(value, name), unsafe member.pointee.type == JSON_STRING,
            let text = unsafe json_string_value(member)
        else { return nil }
        // SAFETY: NUL-terminated UTF-8 of jansson's, which lives as long as `member`; copied here.
        return unsafe String(validatingCString: text)
    }

    /// The integer of this name; nil when there is none or another type, a whole number with a fraction included.
    public borrowing func integer(_ name: String) -> Int64? {
        guard let member = unsafe json_object_get(value, name), unsafe member.pointee.type == JSON_INTEGER else {
            return nil
        }
        return unsafe Int64(json_integer_value(member))
    }

    /// The object of this name; nil when there is none or another type.
    public borrowing func object(_ name: String) -> JSONObject? {
        guard let member = unsafe json_object_get(value, name), unsafe member.pointee.type == JSON_OBJECT,
            let owned = unsafe json_incref(member)
        else { return nil }
        return unsafe JSONObject(owning: owned)
    }
}
