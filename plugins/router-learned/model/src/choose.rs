//! From qualities and prices to a model.

/// Where each model stands between the cheapest, 0, and the dearest, 1, by its cost; in even steps where one is unknown
/// or all are the same. The models are in the order of their cost.
pub fn places(costs: &[Option<f64>]) -> Vec<f32> {
    let known: Option<Vec<f64>> = costs.iter().copied().collect();
    let (low, high) = { known.iter().flatten() }.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), cost| {
        (low.min(*cost), high.max(*cost))
    });
    match known {
        Some(known) if high > low => known.iter().map(|cost| ((cost - low) / (high - low)) as f32).collect(),
        _ => {
            let last = costs.len().saturating_sub(1).max(1) as f32;
            (0..costs.len()).map(|at| at as f32 / last).collect()
        }
    }
}

/// The model whose quality, less the price times its place, is highest; of equals the first.
pub fn best(quality: &[f32], places: &[f32], price: f32) -> usize {
    let worth = quality
        .iter()
        .zip(places)
        .map(|(quality, place)| quality - price * place);
    let mut best = (0, f32::NEG_INFINITY);
    for (at, worth) in worth.enumerate() {
        if worth > best.1 {
            best = (at, worth);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dearer_model_is_taken_where_its_gain_exceeds_the_price() {
        let places = places(&[Some(1.0), Some(11.0)]);
        assert_eq!(places, [0.0, 1.0]);
        assert_eq!(best(&[0.5, 0.75], &places, 0.2), 1);
        assert_eq!(best(&[0.5, 0.75], &places, 0.3), 0);
    }

    #[test]
    fn unknown_costs_are_even_steps() {
        assert_eq!(places(&[Some(1.0), None, Some(9.0)]), [0.0, 0.5, 1.0]);
        assert_eq!(places(&[]), Vec::<f32>::new());
    }
}
