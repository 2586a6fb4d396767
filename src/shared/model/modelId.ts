/** The model that this product is made for. */
export const modelId = "community/wan-2-2/fun-inpaint";
