import SecurityCore

/// What a command says: results on standard output, remarks on standard error, so that results can be piped.
struct Output {
    private let results = OutputBuffer(descriptor: 1)
    private let remarks = OutputBuffer(descriptor: 2)

    /// A line of the result.
    func line(_ text: String) {
        results.write(text)
        results.write("\n")
    }

    /// Text of the result as it is.
    func text(_ text: String) {
        results.write(text)
    }

    /// A line of the result that ends in a secret.
    func line(_ text: String, _ secret: SharedSecret) {
        results.write(text)
        results.write(secret)
        results.write("\n")
    }

    /// A value of the result.
    func json(_ value: JSON) {
        results.write(value)
        results.write("\n")
    }

    /// An array of the result whose elements come one by one, so that it need not fit into the memory.
    func jsonArray(_ body: ((JSON) -> Void) throws -> Void) throws {
        var separator = "[\n"
        try body { element in
            results.write(separator)
            results.write(element)
            separator = ",\n"
        }
        results.write(separator == ",\n" ? "\n]\n" : "[]\n")
    }

    /// A remark that is not part of the result. It comes after the result so far.
    func note(_ text: String) {
        results.flush()
        remarks.write(text)
        remarks.write("\n")
        remarks.flush()
    }

    /// Sends what was said so far, before a question is asked.
    func flush() throws(CommandFailure) {
        results.flush()
        if results.hasFailed { throw CommandFailure("standard output cannot be written: the result is incomplete") }
    }
}
