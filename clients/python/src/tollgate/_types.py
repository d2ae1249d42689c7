"""What the Management API answers, with the keys that this package gives them."""

from typing import List, TypedDict


class Styling(TypedDict):
    drop_shadow: bool
    background_color: str
    show_background: bool


class _PaywallSettings(TypedDict):
    use_default_logo: bool
    use_default_currency: bool
    use_default_color: bool
    template: str


class PaywallSettings(_PaywallSettings, total=False):
    styling: Styling


class _PaywallSubscription(TypedDict):
    id: str
    sku: str
    po_id: str
    title: str
    #: May hold HTML.
    description: str
    #: In major units: 9.99 is nine and 99 hundredths.
    price: float
    #: Empty when there is none.
    discount_code: str
    period_text: str
    tag: str
    selected: bool


class PaywallSubscription(_PaywallSubscription, total=False):
    discount_price: float
    compare_period_text: str
    features: List[str]
    button_text: str
    read_more_text: str
    read_more_link: str
    prefer_business: bool
    url: str


class SinglePurchase(TypedDict):
    enabled: bool
    title: str
    description: str
    discount_code: str


class _Paywall(TypedDict):
    id: str
    vendor_id: str
    #: ISO 4217 in capitals.
    currency: str
    #: Grows with every change.
    version: int
    headline: str
    logo_url: str
    #: As ``#rrggbb``.
    main_color: str
    features: List[str]
    show_login_button: bool
    settings: PaywallSettings
    subscriptions: List[PaywallSubscription]
    single_purchase: SinglePurchase
    footer_payment_methods: List[str]


class Paywall(_Paywall, total=False):
    name: str
    status: str
    subscriptions_url: str
