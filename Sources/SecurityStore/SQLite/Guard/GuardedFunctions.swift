import CLibc
import CSQLite

/// SQL functions whose work grows with the product of two lengths. SQLite looks at no clock inside of a function: one call on values of
/// the greatest length would take minutes. Here that product is bounded, and functions that no schema needs are refused.
enum GuardedFunctions {
    /// The greatest product of two lengths.
    private static let mostWork = 1 << 22

    private typealias Function =
        @convention(c) (
            OpaquePointer?, Int32, UnsafeMutablePointer<OpaquePointer?>?
        ) -> Void

    /// Puts them in the place of SQLite's own, for one connection. False when memory ran out.
    @unsafe
    static func install(in database: OpaquePointer) -> Bool {
        let refused: Function = { context, _, _ in unsafe GuardedFunctions.refuse(context) }
        let table: [(name: StaticString, count: Int32, function: Function)] = unsafe [
            ("trim", 2, refused), ("ltrim", 2, refused), ("rtrim", 2, refused), ("json_patch", 2, refused),
            ("like", 2, { unsafe GuardedFunctions.like($0, $1, $2) }),
            ("like", 3, { unsafe GuardedFunctions.like($0, $1, $2) }),
            ("glob", 2, { unsafe GuardedFunctions.glob($0, $1, $2) }),
            ("instr", 2, { unsafe GuardedFunctions.instr($0, $1, $2) }),
            ("replace", 3, { unsafe GuardedFunctions.replace($0, $1, $2) }),
        ]
        let kind = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS
        let count = unsafe table.count
        for index in 0..<count {
            let row = unsafe table[index]
            // SAFETY: the name is static, NUL-terminated text.
            let code = unsafe row.name.utf8Start.withMemoryRebound(to: CChar.self, capacity: row.name.utf8CodeUnitCount)
            {
                unsafe sqlite3_create_function_v2(database, $0, row.count, kind, nil, row.function, nil, nil, nil)
            }
            guard code == SQLITE_OK else { return false }
        }
        return true
    }
}

/// The functions. NULL in, NULL out, and otherwise what SQLite's own answer: indexes that were made with those go on.
extension GuardedFunctions {
    private typealias Values = UnsafeMutablePointer<OpaquePointer?>?

    private static func refuse(_ context: OpaquePointer?) {
        unsafe sqlite3_result_error(
            context, "not available in a login: the schema calls a function that may take too long", -1)
    }

    private static func isNull(_ values: Values, _ count: Int32) -> Bool {
        for index in 0..<Int(count) where unsafe sqlite3_value_type(values?[index]) == SQLITE_NULL { return true }
        return false
    }

    /// The bytes of an argument, as text unless they are to be read as they are. They are SQLite's, until the function returns.
    private static func bytes(_ values: Values, _ index: Int, isBlob: Bool = false) -> UnsafeRawBufferPointer {
        let value = unsafe values?[index]
        // SAFETY: the length is asked after the conversion.
        let start =
            unsafe isBlob
            ? UnsafeRawPointer(sqlite3_value_blob(value)) : UnsafeRawPointer(sqlite3_value_text(value))
        return unsafe UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : Int(sqlite3_value_bytes(value)))
    }

    private static func isBounded(_ left: Int, _ right: Int) -> Bool {
        let (product, overflow) = left.multipliedReportingOverflow(by: right)
        return !overflow && product <= mostWork
    }

    private static func like(_ context: OpaquePointer?, _ count: Int32, _ values: Values) {
        guard unsafe !isNull(values, count) else { return unsafe sqlite3_result_null(context) }
        var escape: UInt32 = 0
        if count == 3 {
            let mark = unsafe String(decoding: bytes(values, 2), as: UTF8.self).unicodeScalars
            guard mark.count == 1, let only = mark.first else {
                return unsafe sqlite3_result_error(context, "ESCAPE expression must be a single character", -1)
            }
            escape = only.value
        }
        unsafe match(context, values) { unsafe sqlite3_strlike($0, $1, escape) }
    }

    private static func glob(_ context: OpaquePointer?, _ count: Int32, _ values: Values) {
        guard unsafe !isNull(values, count) else { return unsafe sqlite3_result_null(context) }
        unsafe match(context, values) { unsafe sqlite3_strglob($0, $1) }
    }

    private static func match(
        _ context: OpaquePointer?, _ values: Values,
        _ compare: (UnsafePointer<CChar>?, UnsafePointer<CChar>?) -> Int32
    ) {
        // LIKE_DOESNT_MATCH_BLOBS.
        for index in 0..<2 where unsafe sqlite3_value_type(values?[index]) == SQLITE_BLOB {
            return unsafe sqlite3_result_int(context, 0)
        }
        let pattern = unsafe bytes(values, 0)
        let text = unsafe bytes(values, 1)
        guard pattern.count <= 100, isBounded(pattern.count, text.count) else { return unsafe refuse(context) }
        // SAFETY: SQLite ends converted text with a NUL.
        let result = unsafe compare(
            pattern.baseAddress?.assumingMemoryBound(to: CChar.self),
            text.baseAddress?.assumingMemoryBound(to: CChar.self))
        unsafe sqlite3_result_int(context, result == 0 ? 1 : 0)
    }

    private static func instr(_ context: OpaquePointer?, _ count: Int32, _ values: Values) {
        guard unsafe !isNull(values, count) else { return unsafe sqlite3_result_null(context) }
        let isBlob =
            unsafe sqlite3_value_type(values?[0]) == SQLITE_BLOB && sqlite3_value_type(values?[1]) == SQLITE_BLOB
        let text = unsafe bytes(values, 0, isBlob: isBlob)
        let part = unsafe bytes(values, 1, isBlob: isBlob)
        guard isBounded(text.count, part.count) else { return unsafe refuse(context) }
        guard let place = unsafe place(of: part, in: text, from: 0) else {
            return unsafe sqlite3_result_int(context, 0)
        }
        var before = place
        if !isBlob {
            // Characters, not bytes.
            before = 0
            for index in 0..<place where unsafe text[index] & 0xC0 != 0x80 { before += 1 }
        }
        unsafe sqlite3_result_int64(context, Int64(before) + 1)
    }

    private static func replace(_ context: OpaquePointer?, _ count: Int32, _ values: Values) {
        guard unsafe !isNull(values, count) else { return unsafe sqlite3_result_null(context) }
        let text = unsafe bytes(values, 0)
        let part = unsafe bytes(values, 1)
        let other = unsafe bytes(values, 2)
        guard isBounded(text.count, max(part.count, other.count)) else { return unsafe refuse(context) }
        guard part.count > 0 else { return unsafe sqlite3_result_value(context, values?[0]) }
        var result: [UInt8] = []
        var done = 0
        while let place = unsafe place(of: part, in: text, from: done) {
            unsafe result.append(contentsOf: text[done..<place])
            unsafe result.append(contentsOf: other)
            done = place + part.count
        }
        unsafe result.append(contentsOf: text[done...])
        // SAFETY: SQLITE_TRANSIENT (-1): SQLite copies the bytes before the call returns, and refuses more than its limit.
        let copied = unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        unsafe result.withUnsafeBytes { bytes in
            unsafe sqlite3_result_text(
                context, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(clamping: bytes.count), copied)
        }
    }

    private static func place(
        of part: UnsafeRawBufferPointer, in text: UnsafeRawBufferPointer, from start: Int
    ) -> Int? {
        guard part.count <= text.count else { return nil }
        var place = start
        while place <= text.count - part.count {
            var same = 0
            while same < part.count, unsafe text[place + same] == part[same] { same += 1 }
            if same == part.count { return place }
            place += 1
        }
        return nil
    }
}
