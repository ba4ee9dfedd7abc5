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

/// The second set: it was written before anything was mended, and nothing was mended for it.
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
