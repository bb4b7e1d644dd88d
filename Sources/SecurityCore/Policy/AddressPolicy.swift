/// What mail addresses and phone numbers may be.
public struct AddressPolicy: Equatable, Sendable {
    /// SECURITY_EMAIL_VALIDATOR_ARGS.
    public var email = EmailPolicy()
    /// SECURITY_PHONE_REGION_DEFAULT: the country of numbers without a country code (ISO 3166-1, two capitals).
    public var phoneRegion = "US"

    /// Flask-Security's defaults.
    public init() {}
}
