//! Sentences worded by hand, as a model would say them: what the articles say in other words.

/// The first set: what was lost of it has been mended in the check since.
pub(crate) const FIRST: &[(&str, &str)] = &[
    (
        "refunds",
        "Once your return has reached our warehouse, we send the refund within 5 working days.",
    ),
    (
        "refunds",
        "The money always goes back to the payment method that you originally used.",
    ),
    (
        "refunds",
        "With PayPal it takes 1 to 2 working days after we have sent the money.",
    ),
    (
        "refunds",
        "For a card, expect 3 to 5 business days after we've sent the refund.",
    ),
    (
        "refunds",
        "If the refund isn't there 10 working days after our email, please contact support with your order number.",
    ),
    (
        "refunds",
        "You can follow the state of your refund under Orders in your account.",
    ),
    ("refunds", "Later payments for a monthly plan can't be refunded."),
    (
        "return-an-item",
        "You have 30 days from delivery to return an item, for any reason.",
    ),
    (
        "return-an-item",
        "Go to Orders, choose the order and then select Return item.",
    ),
    (
        "return-an-item",
        "After you get the label, you have 14 days to hand in the parcel.",
    ),
    ("return-an-item", "Returning items from Germany is free."),
    (
        "return-an-item",
        "For a return from Spain, €4.95 is deducted from the refund.",
    ),
    ("return-an-item", "Used gift cards can't be returned."),
    (
        "return-an-item",
        "Please remove the device from the app before you send it back.",
    ),
    (
        "delivery-costs",
        "Standard delivery to Germany costs €6.95 and is free from €75.",
    ),
    ("delivery-costs", "Delivering to a pick-up point costs €2.95."),
    (
        "delivery-costs",
        "Express delivery costs 9.95 euros and is never free.",
    ),
    (
        "warranty",
        "All Brellwick devices come with a 2-year warranty, counted from the day of delivery.",
    ),
    ("warranty", "Your invoice serves as proof of purchase."),
    ("warranty", "Scratches are not covered by the warranty."),
    ("plans-and-prices", "Plus costs €4.99 a month or €49.90 a year."),
    (
        "plans-and-prices",
        "With Pro, video clips are stored for 60 days.",
    ),
    ("plans-and-prices", "On the Free plan, no video is stored."),
    (
        "contact-support",
        "You can chat with our staff on Saturdays between 9 am and 5 pm, Amsterdam time.",
    ),
    (
        "contact-support",
        "We answer emails to support@brellwick.example within 1 working day.",
    ),
    ("contact-support", "We don't have a public phone number."),
    (
        "contact-support",
        "Our team speaks English, Dutch, German and French.",
    ),
    (
        "works-with",
        "Brellwick is compatible with Amazon Alexa, Google Home and Apple Home.",
    ),
    ("works-with", "IFTTT isn't supported by Brellwick."),
    (
        "works-with",
        "To use Matter, the Hub needs firmware 4.2 or later.",
    ),
];

/// The second set, as the first.
pub(crate) const SECOND: &[(&str, &str)] = &[
    (
        "cancel-order",
        "As long as your order hasn't been dispatched, you can cancel it free of charge.",
    ),
    (
        "cancel-order",
        "If you no longer see the Cancel order button, your order has already left.",
    ),
    (
        "cancel-order",
        "Unfortunately, it isn't possible to add items to an order once it has been placed.",
    ),
    (
        "cancel-order",
        "An order that's already on its way can't be stopped anymore, but you can refuse the parcel at the door.",
    ),
    (
        "cancel-order",
        "We'll always tell you by email if we have to cancel your order.",
    ),
    (
        "delivery-times",
        "If you order before 15:00 Amsterdam time on a working day, your parcel leaves our warehouse the same day.",
    ),
    (
        "delivery-times",
        "To France and Austria, standard delivery takes between 3 and 5 working days.",
    ),
    (
        "delivery-times",
        "Express delivery isn't available for islands or pick-up points.",
    ),
    (
        "delivery-times",
        "If your express delivery is late, we'll refund the express fee of €9.95.",
    ),
    (
        "delivery-times",
        "Orders you place at the weekend are sent on the next working day.",
    ),
    ("discount-codes", "You can only use one discount code per order."),
    (
        "discount-codes",
        "Discount codes don't apply to delivery costs, gift cards or plans.",
    ),
    (
        "discount-codes",
        "If you subscribe to our newsletter, you get a welcome code for 10% off one order.",
    ),
    ("discount-codes", "The welcome code is valid for 30 days."),
    (
        "gift-cards",
        "Our gift cards are valid for five years from the date of purchase.",
    ),
    ("gift-cards", "You can combine up to 5 gift cards in one order."),
    ("gift-cards", "Gift cards can't be exchanged for cash."),
    (
        "gift-cards",
        "If you haven't used the gift card, the buyer can get a refund within 14 days of purchase.",
    ),
    (
        "lost-parcel",
        "If the tracking hasn't changed for 5 working days, you can report the parcel as lost under Orders.",
    ),
    (
        "lost-parcel",
        "The search with the carrier takes up to 8 working days.",
    ),
    (
        "lost-parcel",
        "If we can't find your parcel, you can choose between a new one and a full refund including the delivery cost.",
    ),
    (
        "lost-parcel",
        "Please wait one working day, since carriers sometimes scan a parcel a day too early.",
    ),
    (
        "free-trial",
        "You can try Plus for free for 30 days, and you don't need to enter any payment details.",
    ),
    (
        "free-trial",
        "The trial ends automatically after 30 days and your account goes back to the Free plan.",
    ),
    (
        "free-trial",
        "We'll send you a reminder 5 days before your trial ends.",
    ),
    (
        "free-trial",
        "Please be aware that there is no trial for the Pro and Business plans.",
    ),
    (
        "battery-life",
        "The Outdoor Cam's battery lasts around 6 months on a single charge.",
    ),
    (
        "battery-life",
        "Charging the Video Doorbell takes roughly 4 hours.",
    ),
    (
        "battery-life",
        "You'll get an alert in the app when the battery drops below 15%.",
    ),
    (
        "battery-life",
        "Please don't use rechargeable AA batteries in the Smart Lock, as their voltage is too low.",
    ),
    (
        "camera-privacy",
        "You can turn a camera off by tapping Privacy mode in the app.",
    ),
    ("camera-privacy", "The white light can't be turned off."),
    (
        "camera-privacy",
        "You can set up to 4 privacy zones for your camera.",
    ),
    (
        "data-we-store",
        "Chats and emails with our support team are stored for 24 months.",
    ),
    ("data-we-store", "We don't sell your personal data."),
    (
        "data-we-store",
        "Your data is stored in Amsterdam and Frankfurt and does not leave the EU.",
    ),
    (
        "data-we-store",
        "Invoices have to be kept for 7 years under Dutch tax law.",
    ),
    ("repair-service", "Repairing a Smart Lock costs €65."),
    (
        "repair-service",
        "The price already includes parts, labour and postage both ways.",
    ),
    (
        "repair-service",
        "A repair can take up to 10 working days once your device has arrived.",
    ),
    (
        "repair-service",
        "Unfortunately, Smart Plugs can't be repaired because they are sealed.",
    ),
    (
        "student-and-nonprofit-discount",
        "As a student, you get 30% off the Plus and Pro plans.",
    ),
    (
        "student-and-nonprofit-discount",
        "With the student discount, Pro costs €6.99 per month.",
    ),
    (
        "student-and-nonprofit-discount",
        "The discount lasts for 12 months, and we'll remind you 30 days before it ends.",
    ),
    ("sign-in-codes", "Your sign-in code is valid for 10 minutes."),
    (
        "sign-in-codes",
        "You can request a new code up to 5 times an hour.",
    ),
    (
        "sign-in-codes",
        "If the code doesn't arrive, please check your spam folder first.",
    ),
    (
        "sign-in-codes",
        "Our employees will never ask you for a sign-in code.",
    ),
    (
        "install-doorbell",
        "Please switch off the power at the fuse box before touching any wires.",
    ),
    (
        "install-doorbell",
        "It doesn't matter in which order you connect the two wires.",
    ),
    (
        "pick-up-points",
        "Your parcel will wait for you at the pick-up point for 7 days.",
    ),
    (
        "pick-up-points",
        "Someone else can collect it for you with the pick-up code and a copy of your ID.",
    ),
    (
        "pick-up-points",
        "To collect the parcel from a shop, bring your pick-up code and an identity document.",
    ),
    (
        "vat-and-currency",
        "All our prices are in euros and already include VAT.",
    ),
    (
        "vat-and-currency",
        "No customs duty is added, because we only deliver within the European Union.",
    ),
    (
        "pause-plan",
        "You can pause your monthly plan for up to 3 months, and you won't pay anything during that time.",
    ),
    ("pause-plan", "Yearly plans can't be paused."),
    (
        "damaged-delivery",
        "Please report the damage within 7 days of delivery and add photos of the item and the parcel.",
    ),
    (
        "damaged-delivery",
        "Once we've confirmed the damage, we ship a replacement within 2 working days.",
    ),
    ("wifi-problems", "Your Smart Plug only supports 2.4 GHz Wi-Fi."),
];

/// The third set: it was written before what was lost of the others was looked at. Its own losses are not: it tells what the check does with
/// sentences that it was not made for.
pub(crate) const THIRD: &[(&str, &str)] = &[
    (
        "change-delivery-address",
        "You can still change the delivery address as long as your order is in the state Received.",
    ),
    (
        "change-delivery-address",
        "The new address has to be in the same country.",
    ),
    (
        "change-delivery-address",
        "After dispatch, we can no longer change the address of your parcel.",
    ),
    (
        "change-delivery-address",
        "A parcel with the wrong address comes back to us and is refunded, minus the delivery cost.",
    ),
    (
        "device-offline",
        "First check that the device has power, then restart it and wait 3 minutes.",
    ),
    ("device-offline", "You can also unplug the device for 10 seconds."),
    (
        "device-offline",
        "A steady red light on the Hub means it has no internet connection.",
    ),
    (
        "device-offline",
        "If all your devices are offline at once, the problem is usually your internet connection or a fault on our end.",
    ),
    (
        "device-offline",
        "You can check https://status.brellwick.example to see whether there's a fault on our side.",
    ),
    (
        "export-your-data",
        "Your export will be ready within 48 hours, and we'll email you a download link.",
    ),
    ("export-your-data", "The download link stays valid for 7 days."),
    (
        "export-your-data",
        "The export doesn't include passwords or full card numbers.",
    ),
    (
        "export-your-data",
        "Exports over 10 GB are split into several ZIP files.",
    ),
    (
        "failed-payment",
        "If a plan payment fails, we'll try again after 2, 5 and 9 days.",
    ),
    ("failed-payment", "Your plan stays active for 14 days."),
    (
        "failed-payment",
        "We don't charge a late fee for failed payments.",
    ),
    (
        "failed-payment",
        "Your recordings will be deleted 7 days after your account moves to the Free plan.",
    ),
    (
        "failed-payment",
        "After paying, there's no need to contact support.",
    ),
    (
        "invoices",
        "You'll find all your invoices as PDFs under Billing and then Invoices.",
    ),
    (
        "invoices",
        "The invoice for your order is ready within 24 hours of dispatch.",
    ),
    ("invoices", "We don't offer paper invoices."),
    (
        "invoices",
        "To have an existing invoice corrected, please contact support within 90 days of the invoice date.",
    ),
    ("invoices", "Your order number starts with BW and has 8 digits."),
    (
        "missed-delivery",
        "If you're not at home, the carrier will try to deliver again on the next working day.",
    ),
    (
        "missed-delivery",
        "After that, your parcel is taken to a pick-up point, where it's kept for 7 days.",
    ),
    (
        "missed-delivery",
        "You'll need an identity document and the code from the email to collect it.",
    ),
    (
        "missed-delivery",
        "If the parcel isn't collected within 7 days, it goes back to our warehouse.",
    ),
    (
        "missed-delivery",
        "Parcels worth more than €200 need a signature at the door.",
    ),
    (
        "out-of-stock",
        "We'll send you an email as soon as the item is back in stock.",
    ),
    (
        "out-of-stock",
        "Please note that a notification doesn't reserve the item for you.",
    ),
    (
        "out-of-stock",
        "Pre-orders are only charged on the day of dispatch.",
    ),
    (
        "out-of-stock",
        "You only pay the delivery cost once, even if your order is sent in parts.",
    ),
    (
        "out-of-stock",
        "Each customer can order up to 10 pieces of a product.",
    ),
    (
        "payment-methods",
        "You can pay for your plan with Visa, Mastercard, American Express or PayPal.",
    ),
    (
        "payment-methods",
        "It's not possible to pay for plans with iDEAL, Bancontact or gift cards.",
    ),
    (
        "payment-methods",
        "We only store the last 4 digits and the expiry date of your card.",
    ),
    (
        "payment-methods",
        "To replace an expired card, add the new one first and then remove the old one.",
    ),
    ("payment-methods", "Your order is charged when you place it."),
    (
        "referral-programme",
        "For each friend you refer, you get €15 of shop credit.",
    ),
    (
        "referral-programme",
        "Your friend gets €15 off their first order if it's at least €99.",
    ),
    ("referral-programme", "Your shop credit is valid for 12 months."),
    (
        "referral-programme",
        "You can't refer yourself or someone in the same household.",
    ),
    (
        "referral-programme",
        "You can refer a maximum of 10 friends per calendar year.",
    ),
    ("recycling", "We take back old Brellwick devices for free."),
    (
        "recycling",
        "You can send in up to 5 devices with one recycling label.",
    ),
    (
        "recycling",
        "Please remove the device from the app and do a factory reset before sending it.",
    ),
    ("recycling", "Batteries should never be put into household waste."),
    (
        "track-order",
        "You can track your order under Orders in your Brellwick account.",
    ),
    (
        "track-order",
        "It can take up to 24 hours before the tracking link shows the first scan.",
    ),
    (
        "track-order",
        "Dispatched means that your parcel is with the carrier.",
    ),
    (
        "track-order",
        "You should get a confirmation email within 15 minutes of ordering.",
    ),
    (
        "track-order",
        "If the state has been Packing for more than 2 working days, please contact support with your order number.",
    ),
    (
        "two-step-verification",
        "You can turn on two-step verification under Security in your account.",
    ),
    (
        "two-step-verification",
        "You'll get 10 backup codes, so please save them in a safe place.",
    ),
    (
        "two-step-verification",
        "Every backup code can only be used once.",
    ),
    (
        "two-step-verification",
        "On the Business plan, two-step verification is required for all users.",
    ),
    (
        "warranty-claim",
        "To make a warranty claim, open Devices, choose the faulty device and select Warranty claim.",
    ),
    ("warranty-claim", "We'll answer your claim within 2 working days."),
    (
        "warranty-claim",
        "If the fault returns after two repairs, you can ask for a full refund.",
    ),
    (
        "upgrade-plan",
        "When you upgrade, the new plan starts right away.",
    ),
    (
        "upgrade-plan",
        "You only pay the price difference for the rest of your current billing period.",
    ),
    (
        "upgrade-plan",
        "If you pay yearly, you save the price of two months.",
    ),
];
