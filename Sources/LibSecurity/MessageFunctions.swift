// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation

public import CLibSecurity
import SecurityCore

// SAFETY, for all of this file: pointers come from a C program, which answers for what they point to by the header's
// rules. NULL is refused before a pointer is used, none is kept, and outputs are written before the function returns.

@_cdecl("lsec_context_localize") @implementation
public func lsec_context_localize(
    _ context: OpaquePointer?, _ languages: UnsafePointer<CChar>?, _ localized: UnsafeMutablePointer<OpaquePointer?>?
) -> lsec_result {
    unsafe localized?.pointee = nil
    return unsafe Context.run(context) { (context) throws(Failure) in
        guard let localized = unsafe localized else { throw .argument("localized is NULL") }
        let list = unsafe try Arguments.optionalText(languages, "languages", limit: Int(LSEC_LANGUAGES_MAX)) ?? ""
        guard let preferences = LanguagePreferences(acceptLanguage: list) else {
            throw .argument("languages is no list of languages")
        }
        let translations = context.policy.messages.translations(for: preferences)
        let other = Context(policy: context.policy, translations: translations)
        guard let handle = unsafe other.makeHandle() else { throw .memory }
        unsafe localized.pointee = handle
        return LSEC_OK
    }
}

@_cdecl("lsec_step_text") @implementation
public func lsec_step_text(
    _ context: OpaquePointer?, _ step: lsec_step, _ text: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> lsec_result {
    unsafe text?.pointee = nil
    return unsafe Context.run(context) { (context) throws(Failure) in
        guard let text = unsafe text else { throw .argument("text is NULL") }
        switch step {
        case LSEC_STEP_ASK_PASSWORD: unsafe text.pointee = try Outputs.text(context.text(Question.password.message))
        case LSEC_STEP_ASK_CODE: unsafe text.pointee = try Outputs.text(context.text(Question.code.message))
        default: unsafe text.pointee = try Outputs.text("")
        }
        return LSEC_OK
    }
}

@_cdecl("lsec_message_text") @implementation
public func lsec_message_text(
    _ context: OpaquePointer?, _ name: UnsafePointer<CChar>?, _ values: UnsafePointer<UnsafePointer<CChar>?>?,
    _ text: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, _ level: UnsafeMutablePointer<UnsafePointer<CChar>?>?
) -> lsec_result {
    unsafe text?.pointee = nil
    unsafe level?.pointee = nil
    return unsafe Context.run(context) { (context) throws(Failure) in
        guard let text = unsafe text else { throw .argument("text is NULL") }
        let name = unsafe try Arguments.text(name, "name", limit: Int(LSEC_MESSAGE_VALUE_MAX))
        let arguments = unsafe try arguments(values)
        guard let key = MessageKey(rawValue: name) else { return LSEC_NOT_FOUND }
        unsafe text.pointee = try Outputs.text(context.text(Message(key, arguments: arguments)))
        unsafe level?.pointee = word(context.policy.messages.level(of: key))
        return LSEC_OK
    }
}

private func arguments(_ values: UnsafePointer<UnsafePointer<CChar>?>?) throws(Failure) -> [Message.Argument] {
    guard let values = unsafe values else { return [] }
    var arguments: [Message.Argument] = []
    // The header demands a NULL at the end; no more than so many are looked at.
    for index in stride(from: 0, to: Int(LSEC_MESSAGE_VALUES_MAX), by: 2) {
        guard unsafe values[index] != nil else { return arguments }
        let limit = Int(LSEC_MESSAGE_VALUE_MAX)
        let name = unsafe try Arguments.text(values[index], "a name in values", limit: limit)
        let value = unsafe try Arguments.text(values[index + 1], "a value in values", limit: limit)
        arguments.append(Message.Argument(name, value))
    }
    guard unsafe values[Int(LSEC_MESSAGE_VALUES_MAX)] == nil else { throw .argument("values has too many texts") }
    return arguments
}

private func word(_ level: MessageLevel) -> UnsafePointer<CChar>? {
    switch level {
    case .info: unsafe constant("info")
    case .success: unsafe constant("success")
    case .warning: unsafe constant("warning")
    case .error: unsafe constant("error")
    }
}
